package dev.clusterctl.mysql;

import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who the source is, going by what all nodes say. Nobody is made one where another may be: two
 * sources at a time are what costs data.
 */
public sealed interface SourceFinding {
  /** What to do where a person has to decide. */
  String CHOOSE =
      "clusterctl failover --to NODE makes one of them the source, and names what it lacks first";

  /** It is there, and takes writes. */
  record Exists(NodeName node) implements SourceFinding {}

  /**
   * It is clear who it is, and it takes no writes yet.
   *
   * @param first whether there was none before
   */
  record Make(NodeName node, boolean first) implements SourceFinding {}

  /** It can't be told, or it is gone; a person has to decide. */
  record Refuse(String reason, String advice) implements SourceFinding {}

  /**
   * @param answers what the nodes say that can be asked
   * @param silent the other ones
   * @param preferred the node with which replication begins where it never has
   */
  static SourceFinding decide(
      List<ReplicaObservation> answers, Collection<NodeName> silent, NodeName preferred) {
    List<ReplicaObservation> free =
        answers.stream().filter(o -> o.writable() && o.channel().isEmpty()).toList();
    if (free.size() > 1) {
      return new Refuse(
          "%s all take writes: there are two sources. %s"
              .formatted(names(free), differences(free, answers)),
          "decide which one is right; clusterctl rejoin NODE makes the other one its replica, and"
              + " replaces its data only where you say so");
    }
    if (free.size() == 1) {
      return new Exists(free.get(0).node());
    }
    List<String> followed =
        answers.stream()
            .flatMap(o -> o.channel().stream())
            .map(ReplicationChannel::sourceHost)
            .distinct()
            .toList();
    return followed.isEmpty()
        ? first(answers, silent, preferred)
        : followed(answers, silent, followed);
  }

  /**
   * Nobody takes writes, and some follow. A change of roles that was killed leaves several that are
   * followed: then one that has everything may go on.
   */
  private static SourceFinding followed(
      List<ReplicaObservation> answers, Collection<NodeName> silent, List<String> followed) {
    List<String> gone =
        followed.stream()
            .filter(host -> answers.stream().noneMatch(o -> o.address().equals(host)))
            .toList();
    if (!gone.isEmpty()) {
      return new Refuse(
          "the source (%s) doesn't answer".formatted(String.join(", ", gone)),
          "bring its machine and server back; if that can't be done, clusterctl failover makes a"
              + " replica the source. One that cluster.yaml doesn't name any more gives way by"
              + " clusterctl up --yes");
    }
    List<ReplicaObservation> candidates =
        answers.stream()
            .filter(o -> o.channel().isEmpty() && followed.contains(o.address()))
            .toList();
    if (candidates.isEmpty()) {
      return new Refuse(
          "the nodes follow each other (%s), and none of them takes writes"
              .formatted(String.join(", ", followed)),
          CHOOSE);
    }
    List<ReplicaObservation> complete =
        candidates.stream()
            .filter(c -> answers.stream().allMatch(o -> c.executed().contains(o.executed())))
            .toList();
    if (complete.isEmpty()) {
      return new Refuse(
          "%s takes no writes, and another node has transactions that it lacks. %s"
              .formatted(names(candidates), differences(candidates, answers)),
          CHOOSE);
    }
    if (followed.size() > 1 && !silent.isEmpty()) {
      return new Refuse(
          "the replicas follow different sources (%s), none of them takes writes, and %s can't be asked"
              .formatted(String.join(", ", followed), words(silent)),
          "bring those back first, or: " + CHOOSE);
    }
    return new Make(complete.get(0).node(), false);
  }

  /** What others have and these lack, a sentence each. */
  private static String differences(
      List<ReplicaObservation> some, List<ReplicaObservation> answers) {
    List<String> sentences = new ArrayList<>();
    for (ReplicaObservation one : some) {
      for (ReplicaObservation other : answers) {
        GtidSet more = other.executed().subtract(one.executed());
        if (!more.isEmpty()) {
          sentences.add("%s has what %s lacks: %s.".formatted(other.node(), one.node(), more));
        }
      }
    }
    return sentences.isEmpty() ? "They have the same transactions." : String.join(" ", sentences);
  }

  private static SourceFinding first(
      List<ReplicaObservation> answers, Collection<NodeName> silent, NodeName preferred) {
    if (!silent.isEmpty()) {
      return new Refuse(
          "no node takes writes, and %s can't be asked".formatted(words(silent)),
          "one of those may be the source: bring them back first; if that can't be done, clusterctl"
              + " failover makes another node the source");
    }
    ReplicaObservation chosen =
        answers.stream().filter(o -> o.node().equals(preferred)).findFirst().orElseThrow();
    for (ReplicaObservation other : answers) {
      GtidSet more = other.executed().subtract(chosen.executed());
      if (!more.isEmpty()) {
        return new Refuse(
            "%s has transactions that %s lacks: %s".formatted(other.node(), preferred, more),
            "name %s as replication.source, or empty its data directory if its data may go"
                .formatted(other.node()));
      }
    }
    return new Make(preferred, true);
  }

  private static String words(Collection<NodeName> nodes) {
    return nodes.stream().map(NodeName::value).collect(Collectors.joining(", "));
  }

  private static String names(List<ReplicaObservation> nodes) {
    return nodes.stream().map(o -> o.node().value()).collect(Collectors.joining(" and "));
  }
}
