package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.remote.Command;
import dev.clusterctl.render.MemberFile;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * A node is out of its group, its server is stopped, and its data directory is marked as worth
 * nothing. Whoever finds the mark makes the directory anew: this run's next step, or, if this run
 * is killed, the next {@code up}.
 */
final class MemberEmptiedStep extends ClusterStep {
  private static final Duration STOP = Duration.ofMinutes(5);

  private final Cluster cluster;
  private final Node node;
  private final GroupDriver driver;

  MemberEmptiedStep(Cluster cluster, Node node) {
    super(node.name().value(), "emptied", "its data given up", Set.of(), Set.of());
    this.cluster = cluster;
    this.node = node;
    this.driver = new GroupDriver(cluster);
  }

  @Override
  public Check check() {
    return Check.differs("give up all of its data, and join the group as an empty server");
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (driver.inService(node)) {
      driver.requireDispensable(node);
      driver.handOver(node, progress::report);
      progress.report("leaving the group");
      driver.beforeRestart(node);
    }
    progress.report("stopping");
    // It mustn't join by itself before it has accounts again.
    cluster
        .remote(node.name())
        .check(
            Command.shell(
                    "give up the data directory",
                    """
                    set -e
                    rm -f %1$s
                    mkdir -p "$(dirname %2$s)"
                    systemctl stop %3$s
                    touch %2$s
                    """
                        .formatted(
                            MemberFile.PATH,
                            Installation.UNFINISHED,
                            Command.quote(cluster.installation(node.name()).service())))
                .withTimeout(STOP));
  }

  @Override
  public boolean verifiesItself() {
    return true;
  }
}
