package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ConnectionInfo;
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

  @Option(names = "--show-secrets", description = "Show passwords instead of placeholders.")
  private boolean showSecrets;

  ConnectionCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    try (Cluster cluster = session.cluster()) {
      ConnectionView.show(session.output(), ConnectionInfo.of(cluster), format, showSecrets);
      return ExitCode.OK;
    }
  }
}
