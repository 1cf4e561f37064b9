package dev.clusterctl.mysql;

import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides from what all nodes say how they become one group. This is the one place where a group
 * may be told to begin, so it says no whenever a group might exist that it can't see.
 */
public sealed interface GroupFormation {

  /** The group is there. Nodes outside it join through {@code contact}. */
  record Exists(NodeName contact) implements GroupFormation {}

  /**
   * There is no group, and this node may begin it: it has every transaction that any node has.
   *
   * @param restored whether the nodes had been a group before and all of them left it
   */
  record Bootstrap(NodeName node, boolean restored) implements GroupFormation {}

  /** Nothing can be done without a person's decision. */
  record Refuse(String reason, String advice) implements GroupFormation {}

  /**
   * @param observations what the nodes that answer say, in the topology's order
   * @param silent nodes whose MySQL doesn't answer
   */
  static GroupFormation decide(List<NodeObservation> observations, Collection<NodeName> silent) {
    Optional<Refuse> clones = duplicateUuids(observations);
    if (clones.isPresent()) {
      return clones.get();
    }
    List<NodeObservation> inside = observations.stream().filter(NodeObservation::inGroup).toList();
    if (!inside.isEmpty()) {
      return existing(inside);
    }
    if (!silent.isEmpty()) {
      return new Refuse(
          "no node that answers is in a group, and MySQL doesn't answer on "
              + names(silent)
              + ": a group, or transactions that the others lack, may be there",
          "bring MySQL up on " + names(silent) + " (clusterctl logs NODE shows why it is down)");
    }
    return beginning(observations);
  }

  private static Optional<Refuse> duplicateUuids(List<NodeObservation> observations) {
    Map<String, NodeName> owners = new HashMap<>();
    for (NodeObservation o : observations) {
      NodeName other = owners.put(o.serverUuid(), o.node());
      if (other != null) {
        return Optional.of(
            new Refuse(
                "%s and %s have the same server_uuid %s: one is a copy of the other"
                    .formatted(other, o.node(), o.serverUuid()),
                "stop MySQL on %s, delete auto.cnf in its data directory, and run up again"
                    .formatted(o.node())));
      }
    }
    return Optional.empty();
  }

  private static GroupFormation existing(List<NodeObservation> inside) {
    List<NodeObservation> majorities =
        inside.stream().filter(NodeObservation::hasMajority).toList();
    if (majorities.isEmpty()) {
      String unreachable =
          inside.get(0).members().stream()
              .filter(m -> m.state() == GroupMember.State.UNREACHABLE)
              .map(m -> m.host() + ":" + m.port())
              .collect(Collectors.joining(", "));
      return new Refuse(
          "the group has lost its quorum: %s can't reach %s"
              .formatted(names(inside.stream().map(NodeObservation::node).toList()), unreachable),
          "bring those machines back: members that were only cut off go on by themselves; where servers"
              + " were killed, clusterctl up begins the group again as soon as nobody is left in it");
    }
    Set<String> first = uuids(majorities.get(0));
    for (NodeObservation other : majorities) {
      if (java.util.Collections.disjoint(first, uuids(other))) {
        return new Refuse(
            "%s and %s are in two different groups of the same name"
                .formatted(majorities.get(0).node(), other.node()),
            "decide whose data counts, run STOP GROUP_REPLICATION on the other, and run up again");
      }
    }
    return new Exists(
        majorities.stream()
            .filter(o -> o.state() == GroupMember.State.ONLINE)
            .findFirst()
            .orElse(majorities.get(0))
            .node());
  }

  private static GroupFormation beginning(List<NodeObservation> observations) {
    GtidSet union =
        observations.stream().map(NodeObservation::executed).reduce(GtidSet.EMPTY, GtidSet::union);
    for (NodeObservation candidate : observations) {
      if (candidate.executed().contains(union)) {
        return new Bootstrap(candidate.node(), !union.isEmpty());
      }
    }
    List<String> differences = new ArrayList<>();
    for (NodeObservation o : observations) {
      GtidSet missing = union.subtract(o.executed());
      if (!missing.isEmpty()) {
        differences.add("%s lacks %s".formatted(o.node(), missing));
      }
    }
    return new Refuse(
        "no node has all transactions: " + String.join("; ", differences),
        "the nodes have diverged: decide whose data counts, and empty the data directories of the"
            + " others");
  }

  private static Set<String> uuids(NodeObservation o) {
    return o.members().stream().map(GroupMember::uuid).collect(Collectors.toSet());
  }

  private static String names(Collection<NodeName> nodes) {
    return nodes.stream().map(NodeName::value).collect(Collectors.joining(", "));
  }
}
