package dev.clusterctl.mysql;

import dev.clusterctl.topology.NodeName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who the source is, going by what all nodes say. Nobody is made one where another may be: two
 * sources at a time are what costs data.
 */
public sealed interface SourceFinding {

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
          names(free) + " all take writes: there are two sources, and their data may differ",
          "decide which one is right; clusterctl rejoin makes the other one its replica");
    }
    List<String> followed =
        answers.stream()
            .flatMap(o -> o.channel().stream())
            .map(ReplicationChannel::sourceHost)
            .distinct()
            .toList();
    if (free.size() == 1) {
      return new Exists(free.get(0).node());
    }
    if (followed.size() > 1) {
      return new Refuse(
          "the replicas follow different sources (%s), and none of them takes writes"
              .formatted(String.join(", ", followed)),
          "clusterctl failover --to NODE makes one node the source and has the others follow it");
    }
    if (followed.size() == 1) {
      return followed(answers, followed.get(0));
    }
    return first(answers, silent, preferred);
  }

  private static SourceFinding followed(List<ReplicaObservation> answers, String host) {
    Optional<ReplicaObservation> source =
        answers.stream().filter(o -> o.address().equals(host)).findFirst();
    if (source.isEmpty()) {
      return new Refuse(
          "the source (%s) doesn't answer".formatted(host),
          "bring its machine and server back; if that can't be done, clusterctl failover makes a"
              + " replica the source");
    }
    if (source.get().channel().isPresent()) {
      return new Refuse(
          "%s is followed by the others and follows %s itself"
              .formatted(source.get().node(), source.get().channel().orElseThrow().sourceHost()),
          "clusterctl failover --to NODE makes one node the source");
    }
    return new Make(source.get().node(), false);
  }

  private static SourceFinding first(
      List<ReplicaObservation> answers, Collection<NodeName> silent, NodeName preferred) {
    if (!silent.isEmpty()) {
      return new Refuse(
          "no node takes writes, and %s can't be asked"
              .formatted(silent.stream().map(NodeName::value).collect(Collectors.joining(", "))),
          "one of those may be the source: bring them back first");
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

  private static String names(List<ReplicaObservation> nodes) {
    return nodes.stream().map(o -> o.node().value()).collect(Collectors.joining(" and "));
  }
}
