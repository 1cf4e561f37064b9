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
 * @param writesBefore who is to be sent all writes before it leaves, by a proxy that doesn't see
 *     who of a multi-primary group only reads; empty where nothing changes
 * @param writesAfter the same, once it has left
 */
public record GroupDeparture(
    boolean handOver, Optional<NodeName> writesBefore, Optional<NodeName> writesAfter) {

  /**
   * @param order in which all members leave
   * @param node who leaves now
   */
  public static GroupDeparture of(
      List<NodeName> order, NodeName node, UpgradePath path, Mode mode) {
    boolean equal = !path.newerMembersOnlyRead();
    if (mode == Mode.SINGLE_PRIMARY || order.size() == 1) {
      return new GroupDeparture(equal, Optional.empty(), Optional.empty());
    }
    // The last one keeps the writes, as it is among the older ones all the time. When it leaves,
    // the
    // others take writes: at that moment, unless they did all the time.
    NodeName last = order.get(order.size() - 1);
    if (!node.equals(last)) {
      return new GroupDeparture(equal, Optional.of(last), Optional.empty());
    }
    Optional<NodeName> next = Optional.of(order.get(0));
    return equal
        ? new GroupDeparture(true, next, Optional.empty())
        : new GroupDeparture(false, Optional.empty(), next);
  }
}
