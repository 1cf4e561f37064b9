package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.copies.TableName;
import dev.clusterctl.operation.copies.Verify;
import dev.clusterctl.operation.copies.VerifyOptions;
import dev.clusterctl.operation.copies.VerifyReport;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    description = {
      "Compare all data of all nodes, at the same position, while writes go on.",
      "Rows are counted and hashed in chunks. Nothing is locked, but for chunks that look different"
          + " or change all the time: their rows, for a moment. Also tries a write on every node"
          + " that should refuse it.",
      "Exit code 3 where copies differ (tables and key ranges are named), a node can't be compared,"
          + " or takes writes and shouldn't."
    })
final class VerifyCommand extends ClusterCommand {
  @Option(
      names = "--database",
      paramLabel = "NAME",
      description = "Compare this database only; may be given several times (default: all).")
  private List<String> databases = List.of();

  @Option(
      names = "--table",
      paramLabel = "DATABASE.TABLE",
      description = "Compare this table only; may be given several times (default: all).")
  private List<String> tables = List.of();

  @Option(
      names = "--chunk-size",
      paramLabel = "N",
      description = "Rows that are compared at a time (default: 5000).")
  private int chunkSize = 5000;

  @Option(
      names = "--patience",
      paramLabel = "DURATION",
      description = "How long a node may take to catch up (default: 60s).")
  private Duration patience = Duration.ofSeconds(60);

  VerifyCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    if (chunkSize < 1) {
      throw new UsageException("--chunk-size must be 1 or more, not " + chunkSize, "");
    }
    VerifyOptions options =
        new VerifyOptions(Set.copyOf(databases), tableNames(), chunkSize, patience);
    try (Cluster cluster = session.cluster()) {
      VerifyReport report = new Verify(cluster, session.events()).run(options);
      if (report.tables().isEmpty() && !(databases.isEmpty() && tables.isEmpty())) {
        throw new UsageException("there is no such table", "clusterctl sql shows what there is");
      }
      session.output().result("verify", report.data(), report::lines);
      return report.passed() ? ExitCode.OK : ExitCode.UNHEALTHY;
    }
  }

  private Set<TableName> tableNames() throws UsageException {
    Set<TableName> names = new LinkedHashSet<>();
    for (String table : tables) {
      int dot = table.indexOf('.');
      if (dot > 0 && dot < table.length() - 1) {
        names.add(new TableName(table.substring(0, dot), table.substring(dot + 1)));
      } else if (databases.size() == 1) {
        names.add(new TableName(databases.get(0), table));
      } else {
        throw new UsageException(
            "in which database is the table %s?".formatted(table), "write DATABASE." + table);
      }
    }
    return names;
  }
}
