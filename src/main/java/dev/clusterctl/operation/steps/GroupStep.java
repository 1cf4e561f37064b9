package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.GroupFormation;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.Set;

/** There is one group, and somebody in it. */
final class GroupStep extends ClusterStep {
  private final Cluster cluster;
  private final GroupDriver driver;

  /**
   * @param after the steps that make each node's server ready: the group may exist, and be found,
   *     though one of them failed
   */
  GroupStep(Cluster cluster, Set<String> after) {
    super(CLUSTER, "group", "group bootstrapped", Set.of(), after);
    this.cluster = cluster;
    this.driver = new GroupDriver(cluster);
  }

  @Override
  public Check check() throws IOException {
    GroupFormation formation = driver.observe().formation();
    if (formation instanceof GroupFormation.Refuse refuse) {
      throw GroupDriver.refused(refuse);
    }
    return formation instanceof GroupFormation.Bootstrap bootstrap
        ? Check.differs(
            (bootstrap.restored()
                    ? "begin the group again on %s, which has all transactions"
                    : "bootstrap a new group on %s")
                .formatted(bootstrap.node()))
        : Check.satisfied();
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    GroupFormation formation = driver.observe().formation();
    if (formation instanceof GroupFormation.Refuse refuse) {
      throw GroupDriver.refused(refuse);
    }
    if (formation instanceof GroupFormation.Bootstrap bootstrap) {
      Node node = cluster.topology().node(bootstrap.node()).orElseThrow();
      driver.bootstrap(node, detail -> progress.report(node.name() + ": " + detail));
    }
  }
}
