package dev.clusterctl.cli;

import dev.clusterctl.operation.ClientView;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Status;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--via",
      paramLabel = "PROXY",
      description =
          "Also look through this MySQL Router of an InnoDB Cluster, as its clients do: who answers"
              + " at each port, beside what the group says.")
  private @Nullable String via;

  StatusCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    Optional<Proxy.Router> through =
        via == null ? Optional.empty() : Optional.of(router(session.topology(), via));
    try (Cluster cluster = session.cluster()) {
      Status status = new Status(cluster);
      while (true) {
        Status.Snapshot now = status.look();
        StatusView.show(session.output(), now, watch);
        boolean healthy = now.healthy();
        if (through.isPresent()) {
          ClientView.View view = new ClientView(cluster).look(through.get());
          StatusView.show(session.output(), view);
          healthy &= view.healthy();
        }
        if (!watch) {
          return healthy ? ExitCode.OK : ExitCode.UNHEALTHY;
        }
        Thread.sleep(interval.toMillis());
      }
    }
  }

  private static Proxy.Router router(Topology topology, String name) throws UsageException {
    return topology.proxies().stream()
        .filter(p -> p.name().value().equals(name))
        .filter(Proxy.Router.class::isInstance)
        .map(Proxy.Router.class::cast)
        .filter(r -> r.following().isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    name + " is no MySQL Router that follows an InnoDB Cluster",
                    "--via takes the name of the proxy, with replication.type innodb-cluster"));
  }
}
