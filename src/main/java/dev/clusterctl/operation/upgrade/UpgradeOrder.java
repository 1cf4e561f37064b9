package dev.clusterctl.operation.upgrade;

import dev.clusterctl.topology.MySql;
import dev.clusterctl.topology.NodeName;
import java.util.Comparator;
import java.util.List;

/**
 * In which order nodes get another version.
 *
 * <ol>
 *   <li>Those whose upgrade was begun and cut short: the cluster is short of them until then.
 *   <li>Those that have it already: there is nothing to do, but they are looked at.
 *   <li>Those that follow or only read, in the file's order. A replica may be newer than its source
 *       and a member newer than its primary, not the other way round.
 *   <li>The one that takes the writes. In a group where all do, any of them is as good: the last
 *       one in the file.
 * </ol>
 */
public final class UpgradeOrder {
  private UpgradeOrder() {}

  /**
   * @param nodes in the file's order
   * @return all of them, in the order in which they are to be upgraded
   */
  public static List<NodeName> of(List<NodeState> nodes, MySql wanted) {
    return nodes.stream()
        .sorted(Comparator.comparingInt(node -> rank(node, wanted)))
        .map(NodeState::node)
        .toList();
  }

  private static int rank(NodeState node, MySql wanted) {
    if (node.half(wanted)) {
      return 0;
    }
    if (node.done(wanted)) {
      return 1;
    }
    return node.writer() ? 3 : 2;
  }
}
