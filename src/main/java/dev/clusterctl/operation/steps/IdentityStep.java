package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.Set;

/**
 * The server has a server_uuid that it shares with no other node. A machine that was cloned brings
 * its original's along: unless the machine is marked as this very node, the server makes itself a
 * new one at its next start.
 */
final class IdentityStep extends ClusterStep {
  private static final String MARK = "/var/lib/clusterctl/identity";

  private final Cluster cluster;
  private final Node node;
  private final Remote remote;

  IdentityStep(Cluster cluster, Node node, Set<String> needs) {
    super(node.name().value(), "identity", "server UUID its own", needs, Set.of());
    this.cluster = cluster;
    this.node = node;
    this.remote = cluster.remote(node.name());
  }

  @Override
  public Check check() throws IOException {
    String mark =
        remote.check(
            Command.shell(
                "read the machine's mark", "if [ -e %1$s ]; then cat %1$s; fi".formatted(MARK)));
    return mark.strip().equals(identity())
        ? Check.satisfied()
        : Check.differs("give the server a server_uuid of its own");
  }

  @Override
  public void apply(Progress progress) throws IOException {
    Installation installation = cluster.installation(node.name());
    remote.check(
        Command.shell(
            "give the server a UUID of its own",
            """
            set -euo pipefail
            uuid=%s/auto.cnf
            if [ -e "$uuid" ]; then
              systemctl stop %s
              rm -f -- "$uuid"
            fi
            mkdir -p "$(dirname %s)"
            echo %s > %s
            """
                .formatted(
                    Command.quote(installation.dataDirectory()),
                    Command.quote(installation.service()),
                    MARK,
                    Command.quote(identity()),
                    MARK)));
  }

  private String identity() {
    return cluster.topology().name() + "/" + node.name();
  }
}
