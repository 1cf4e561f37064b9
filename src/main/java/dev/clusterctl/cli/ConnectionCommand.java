package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ConnectionInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "connection",
    description = {
      "Show how an application connects: host, ports, user, database.",
      "Passwords are shown only with --show-secrets."
    })
final class ConnectionCommand extends ClusterCommand {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One of: ${COMPLETION-CANDIDATES} (default: all).")
  private ConnectionView.Format format = ConnectionView.Format.ALL;

  @Option(
      names = "--database",
      paramLabel = "DATABASE",
      description = "Only this one of the cluster.yaml's (default: all).")
  private @Nullable String database;

  @Option(names = "--show-secrets", description = "Show passwords instead of placeholders.")
  private boolean showSecrets;

  ConnectionCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    try (Cluster cluster = session.cluster()) {
      List<ConnectionInfo> shown =
          ConnectionInfo.of(cluster).stream()
              .filter(c -> database == null || c.database().equals(database))
              .toList();
      if (database != null && shown.isEmpty()) {
        throw new UsageException(
            "%s has no database %s".formatted(session.topology().name(), database),
            "databases: in the cluster.yaml names them");
      }
      ConnectionView.show(session.output(), shown, format, showSecrets);
      return ExitCode.OK;
    }
  }
}
