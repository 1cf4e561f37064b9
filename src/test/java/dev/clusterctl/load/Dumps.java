package dev.clusterctl.load;

import dev.clusterctl.dialect.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Dumps for tests, and where they are meant to go. */
final class Dumps {
  static final ServerVersion V57 = new ServerVersion(5, 7, 23);
  static final ServerVersion V97 = new ServerVersion(9, 7, 4);

  private Dumps() {}

  /** A multi-primary group with an empty schema {@code shop}, seen by its application. */
  static Destination group(ServerVersion version) {
    return new Destination(
        "shop",
        "shop@10.0.0.1",
        false,
        true,
        version,
        1 << 22,
        150_000_000,
        false,
        false,
        Set.of("utf8mb4", "latin1", "binary"),
        Set.of("utf8mb4_general_ci", "utf8mb4_unicode_ci", "latin1_swedish_ci"),
        Set.of(),
        Set.of("shop@10.0.0.1"));
  }

  /** The same, through a node. */
  static Destination node(Destination d, boolean multiPrimary) {
    return new Destination(
        d.schema(),
        d.owner(),
        true,
        multiPrimary,
        d.version(),
        d.largestStatement(),
        d.largestTransaction(),
        d.requiresPrimaryKey(),
        d.trustsFunctionCreators(),
        d.characterSets(),
        d.collations(),
        d.tables(),
        d.accounts());
  }

  /** The same, with tables in the schema. */
  static Destination with(Destination d, Set<String> tables) {
    return new Destination(
        d.schema(),
        d.owner(),
        d.administration(),
        d.multiPrimary(),
        d.version(),
        d.largestStatement(),
        d.largestTransaction(),
        d.requiresPrimaryKey(),
        d.trustsFunctionCreators(),
        d.characterSets(),
        d.collations(),
        tables,
        d.accounts());
  }

  static DumpFile file(Path directory, String text) throws IOException {
    Path file = directory.resolve("dump.sql");
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    return new DumpFile(file);
  }

  static Analysis analyze(DumpFile file, Destination destination, LoadOptions options)
      throws IOException, InterruptedException {
    return new DumpAnalyzer(file, destination, options).analyze(bytes -> {});
  }

  /** What was found, a line each: {@code 3: error: message}, without the advice. */
  static String findings(Analysis analysis) {
    return analysis.findings().stream()
        .map(f -> "%d: %s: %s\n".formatted(f.line(), f.severity().name().charAt(0), f.message()))
        .collect(Collectors.joining());
  }

  /** The statements that would be run, a line each. */
  static String rewritten(DumpFile file, Destination destination, LoadOptions options)
      throws IOException, InterruptedException {
    Rewriter rewriter = new Rewriter(analyze(file, destination, options), destination, options);
    StringBuilder result = new StringBuilder();
    try (StatementReader reader = new StatementReader(file.open(), 1 << 22)) {
      for (Optional<DumpStatement> s = reader.next(); s.isPresent(); s = reader.next()) {
        Rewriter.Action action = rewriter.action(s.get());
        if (action instanceof Rewriter.Action.Rows rows) {
          result.append(rows.sql()).append('\n');
        } else if (action instanceof Rewriter.Action.Define define) {
          result.append(define.sql()).append('\n');
        } else if (action instanceof Rewriter.Action.Setting setting) {
          result.append(setting.sql()).append('\n');
        }
      }
    }
    return result.toString();
  }
}
