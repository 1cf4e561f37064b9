package dev.clusterctl.operation.backup;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.remote.Command;
import dev.clusterctl.render.MemberFile;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.Set;

/** A node's data is given up: its server is stopped, and the next `up` makes a new, empty one. */
final class EmptiedStep implements Step {
  private final Cluster cluster;
  private final Node node;

  EmptiedStep(Cluster cluster, Node node) {
    this.cluster = cluster;
    this.node = node;
  }

  @Override
  public String id() {
    return node.name() + "/emptied";
  }

  @Override
  public String title() {
    return "data given up";
  }

  @Override
  public String subject() {
    return node.name().value();
  }

  @Override
  public Set<String> needs() {
    return Set.of();
  }

  @Override
  public Check check() throws IOException {
    String found =
        cluster
            .remote(node.name())
            .check(
                Command.shell(
                    "look at the data directory",
                    "[ -e %s ] && echo gone || echo there".formatted(Installation.UNFINISHED)));
    return found.strip().equals("gone")
        ? Check.satisfied()
        : Check.differs("give up the data of " + node.name());
  }

  @Override
  public void apply(Progress progress) throws IOException {
    Installation installation = cluster.installation(node.name());
    progress.report("stopping the server");
    cluster
        .remote(node.name())
        .check(
            Command.shell(
                    "give up the data directory",
                    """
                    set -euo pipefail
                    systemctl stop %1$s
                    rm -f -- %2$s %3$s
                    mkdir -p -- "$(dirname %4$s)"
                    touch -- %4$s
                    """
                        .formatted(
                            Command.quote(installation.service()),
                            RoleGuard.ROLE,
                            MemberFile.PATH,
                            Installation.UNFINISHED))
                .withTimeout(Restore.STOP));
  }
}
