package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.Set;

/** A node is ONLINE in the group, and will be again after a restart. */
final class MemberStep extends ClusterStep {
  private final Node node;
  private final GroupDriver driver;

  MemberStep(Cluster cluster, Node node, Set<String> needs) {
    super(node.name().value(), "member", "member of the group", needs, Set.of());
    this.node = node;
    this.driver = new GroupDriver(cluster);
  }

  @Override
  public Check check() throws IOException {
    GroupMember.State state = driver.observe(node).state();
    return switch (state) {
      case ONLINE ->
          driver.recovers(node)
              ? Check.satisfied()
              : Check.differs("set the password with which it recovers");
      case RECOVERING -> Check.differs("wait until it has caught up");
      case OFFLINE, ERROR, UNREACHABLE -> Check.differs("join the group (it is " + state + ")");
    };
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    driver.join(node, progress::report);
    if (!driver.recovers(node)) {
      driver.setRecovery(node);
    }
  }
}
