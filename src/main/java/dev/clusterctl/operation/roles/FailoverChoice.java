package dev.clusterctl.operation.roles;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which replica becomes the source where the old one is gone, and what that costs. What a replica
 * has is what it has applied and what it has received and can still apply.
 *
 * <p>Transactions that a replica made itself and nobody else has aren't the old source's: they
 * don't count when the most advanced one is looked for, and they are named.
 *
 * @param node who becomes the source
 * @param from the replica from which it first fetches what it lacks; empty: it lacks nothing that
 *     can be had
 * @param fetched what it fetches there
 * @param lost what other replicas have, and it can't get: gone for the cluster, unless they are
 *     looked at
 * @param ownOf what replicas have made themselves: they can't follow before they are reseeded
 */
record FailoverChoice(
    NodeName node,
    Optional<NodeName> from,
    GtidSet fetched,
    GtidSet lost,
    Map<NodeName, GtidSet> ownOf) {

  /**
   * @param answers what the nodes say that can be asked; at least one
   * @param wanted the one that the user wants; empty: the one with the most
   * @throws IllegalArgumentException if there are no answers, or none of the wanted node
   */
  static FailoverChoice of(List<ReplicaObservation> answers, Optional<NodeName> wanted) {
    Map<ReplicaObservation, GtidSet> own = new LinkedHashMap<>();
    Map<ReplicaObservation, GtidSet> has = new LinkedHashMap<>();
    for (ReplicaObservation one : answers) {
      GtidSet made = madeByItself(one, answers);
      own.put(one, made);
      has.put(one, all(one).subtract(made));
    }
    ReplicaObservation chosen =
        wanted
            .map(name -> answers.stream().filter(o -> o.node().equals(name)).findFirst())
            // The first of those with the most: the order is the file's.
            .orElseGet(
                () ->
                    answers.stream()
                        .max(
                            Comparator.comparingLong((ReplicaObservation o) -> count(has, o))
                                .thenComparing(
                                    Comparator.comparingInt(answers::indexOf).reversed())))
            .orElseThrow(() -> new IllegalArgumentException("nobody to choose: " + wanted));
    GtidSet known = GtidSet.EMPTY;
    for (GtidSet one : has.values()) {
      known = known.union(one);
    }
    GtidSet lacking = known.subtract(all(chosen));
    Optional<ReplicaObservation> from = helper(chosen, lacking, has);
    GtidSet fetched =
        from.map(o -> has.getOrDefault(o, GtidSet.EMPTY).intersect(lacking)).orElse(GtidSet.EMPTY);
    Map<NodeName, GtidSet> named = new LinkedHashMap<>();
    own.forEach(
        (node, made) -> {
          if (!made.isEmpty() && !node.equals(chosen)) {
            named.put(node.node(), made);
          }
        });
    return new FailoverChoice(
        chosen.node(),
        from.map(ReplicaObservation::node),
        fetched,
        lacking.subtract(fetched),
        named);
  }

  /** What it has applied, and what it has received. */
  static GtidSet all(ReplicaObservation node) {
    return node.executed()
        .union(node.channel().map(ReplicationChannel::received).orElse(GtidSet.EMPTY));
  }

  /**
   * One that has the most of what the chosen one lacks, nothing that isn't the old source's, and
   * binary logs that reach back far enough.
   */
  private static Optional<ReplicaObservation> helper(
      ReplicaObservation chosen, GtidSet lacking, Map<ReplicaObservation, GtidSet> has) {
    List<ReplicaObservation> able = new ArrayList<>();
    has.forEach(
        (node, theirs) -> {
          boolean more = !theirs.intersect(lacking).isEmpty();
          boolean clean = theirs.equals(all(node));
          boolean reaches = all(chosen).contains(node.purged());
          if (more && clean && reaches) {
            able.add(node);
          }
        });
    return able.stream().max(Comparator.comparingLong(o -> count(has, o)));
  }

  private static long count(Map<ReplicaObservation, GtidSet> has, ReplicaObservation node) {
    return has.getOrDefault(node, GtidSet.EMPTY).count();
  }

  /**
   * Transactions that bear a replica's own name and that no other node has. Had it been the source
   * once, the others would have them; where nobody else answers, that can't be told.
   */
  private static GtidSet madeByItself(ReplicaObservation one, List<ReplicaObservation> answers) {
    if (answers.size() == 1 || one.channel().isEmpty() || one.serverUuid().isEmpty()) {
      return GtidSet.EMPTY;
    }
    UUID uuid = UUID.fromString(one.serverUuid());
    GtidSet own = GtidSet.EMPTY;
    for (GtidSet.Source source : one.executed().sources()) {
      if (source.uuid().equals(uuid)) {
        own = own.union(one.executed().only(source));
      }
    }
    for (ReplicaObservation other : answers) {
      if (!other.equals(one)) {
        own = own.subtract(all(other));
      }
    }
    return own;
  }
}
