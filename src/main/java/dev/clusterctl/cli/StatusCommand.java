package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Status;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    description = {
      "Show who is what: machines, members, roles, the proxy.",
      "Exit code 3 where something isn't as it should be."
    })
final class StatusCommand extends ClusterCommand {
  @Option(
      names = {"-w", "--watch"},
      description = "Look again and again until Ctrl-C.")
  private boolean watch;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "With --watch: time between two looks (default: 2s).")
  private Duration interval = Duration.ofSeconds(2);

  StatusCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    try (Cluster cluster = session.cluster()) {
      Status status = new Status(cluster);
      while (true) {
        Status.Snapshot now = status.look();
        StatusView.show(session.output(), now, watch);
        if (!watch) {
          return now.healthy() ? ExitCode.OK : ExitCode.UNHEALTHY;
        }
        Thread.sleep(interval.toMillis());
      }
    }
  }
}
