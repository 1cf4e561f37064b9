package dev.clusterctl.operation.seeding;

import dev.clusterctl.mysql.SchemaSize;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hears what {@code mysqldump --verbose} says, and tells which table it is at. */
final class DumpProgress implements Consumer<String> {
  private static final Pattern TABLE =
      Pattern.compile("-- Retrieving table structure for table (.*?)\\.\\.\\.");

  private final long tables;
  private final String sizes;
  private final Consumer<String> progress;
  private long begun;

  DumpProgress(List<SchemaSize> schemas, Consumer<String> progress) {
    this.tables = schemas.stream().mapToLong(SchemaSize::tables).sum();
    this.sizes = SchemaSize.text(schemas);
    this.progress = progress;
    progress.accept(sizes);
  }

  @Override
  public void accept(String line) {
    Matcher matcher = TABLE.matcher(line);
    if (matcher.find()) {
      begun++;
      // Views are announced as tables, and not counted as such.
      progress.accept(
          begun <= tables
              ? "%s: table %d of %d, %s".formatted(sizes, begun, tables, matcher.group(1))
              : "%s: views and routines".formatted(sizes));
    }
  }
}
