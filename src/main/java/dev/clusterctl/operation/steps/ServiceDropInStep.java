package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.ServiceDropIn;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.Set;

/** systemd treats the server as the rendered drop-in says. */
final class ServiceDropInStep extends FileStep {
  private final Cluster cluster;
  private final Node node;

  ServiceDropInStep(Cluster cluster, Node node, Set<String> needs) {
    super(
        cluster.remote(node.name()),
        "service-settings",
        "service settings in place",
        () -> {
          var installation = cluster.installation(node.name());
          return RemoteFile.of(
              ServiceDropIn.path(installation.service()),
              ServiceDropIn.content(cluster.topology(), installation.optionFile()));
        },
        needs);
    this.cluster = cluster;
    this.node = node;
  }

  @Override
  public Check check() throws IOException {
    Check file = super.check();
    if (file instanceof Check.Differs) {
      return file;
    }
    String service = cluster.installation(node.name()).service();
    String pending =
        remote()
            .check(
                Command.words(
                    "ask systemd about " + service,
                    "systemctl",
                    "show",
                    "-p",
                    "NeedDaemonReload",
                    service));
    return pending.strip().endsWith("=yes")
        ? Check.differs("have systemd read its settings again")
        : Check.satisfied();
  }

  @Override
  void after(Remote machine, RemoteFile file) throws IOException {
    machine.check(Command.words("have systemd read its settings", "systemctl", "daemon-reload"));
  }
}
