package dev.clusterctl.operation.backup;

import dev.clusterctl.mysql.GtidSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** What mysqldump writes before the first database. */
final class DumpHeader {
  private static final Pattern PURGED =
      Pattern.compile("SET @@GLOBAL\\.GTID_PURGED\\s*=\\s*(?:/\\*!80000 '\\+'\\*/)?\\s*'([^']*)'");
  private static final int LONGEST = 1 << 20;

  private DumpHeader() {}

  /**
   * The transactions that a dump has, exactly.
   *
   * @throws BackupException if it doesn't say
   */
  static GtidSet gtids(Path dump) throws IOException {
    StringBuilder head = new StringBuilder();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(dump)), StandardCharsets.UTF_8))) {
      // The set goes over as many lines as it has sources; lines of data may be of any length.
      for (String line = in.readLine();
          line != null && head.length() < LONGEST && !line.startsWith("CREATE ");
          line = in.readLine()) {
        head.append(line).append('\n');
        Matcher matcher = PURGED.matcher(head);
        if (line.endsWith(";") && matcher.find()) {
          return GtidSet.parse(matcher.group(1));
        }
      }
    }
    throw new BackupException(
        "mysqldump didn't write which transactions its copy has",
        List.of(),
        "is gtid_mode ON? clusterctl up sets it");
  }
}
