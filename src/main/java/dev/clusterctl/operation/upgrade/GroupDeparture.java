package dev.clusterctl.operation.upgrade;

import dev.clusterctl.dialect.UpgradePath;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication.Mode;
import java.util.List;
import java.util.Optional;

/**
 * What has to be seen to when a member leaves its group to come back with another version.
 *
 * @param handOver whether another member is made the primary first. Where newer members are there
 *     the group refuses that, and elects one itself when its primary leaves
 * @param writesTo who is to be sent all writes by a proxy that doesn't see who of a multi-primary
 *     group takes them now; empty where nothing changes
 */
public record GroupDeparture(boolean handOver, Optional<NodeName> writesTo) {

  /**
   * @param order in which all members leave
   * @param node who leaves now
   */
  public static GroupDeparture of(
      List<NodeName> order, NodeName node, UpgradePath path, Mode mode) {
    boolean handOver = path.newMembersCanLead();
    if (mode == Mode.SINGLE_PRIMARY || order.size() == 1) {
      return new GroupDeparture(handOver, Optional.empty());
    }
    // The last one keeps the writes, as it is among those of the older version all the time.
    NodeName last = order.get(order.size() - 1);
    return new GroupDeparture(handOver, Optional.of(node.equals(last) ? order.get(0) : last));
  }
}
