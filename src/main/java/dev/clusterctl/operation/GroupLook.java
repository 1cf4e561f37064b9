package dev.clusterctl.operation;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.mysql.GroupFormation;
import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Status.Answer;
import dev.clusterctl.operation.Status.NodeStatus;
import dev.clusterctl.operation.Status.NodesLook;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the members of a group do, for {@link Status}. */
final class GroupLook {
  private GroupLook() {}

  static NodesLook at(Cluster cluster, Map<NodeName, MachineProvider.State> machines)
      throws IOException {
    List<Answer<NodeObservation>> answers =
        Status.askAll(
            cluster,
            machines,
            node ->
                look(
                    cluster,
                    node,
                    machines.getOrDefault(node.name(), MachineProvider.State.UNKNOWN)));
    List<NodeStatus> nodes = answers.stream().map(Answer::status).toList();
    List<NodeObservation> observations =
        answers.stream().flatMap(a -> a.observation().stream()).toList();
    List<NodeName> silent =
        answers.stream()
            .filter(a -> a.observation().isEmpty())
            .map(a -> a.status().name())
            .toList();
    List<String> problems =
        problems(cluster, nodes, observations, GroupFormation.decide(observations, silent));
    if (observations.stream().anyMatch(NodeObservation::hasMajority)) {
      problems.addAll(metadata(cluster));
    }
    return new NodesLook(nodes, problems, List.of());
  }

  private static Answer<NodeObservation> look(
      Cluster cluster, Node node, MachineProvider.State machine) throws IOException {
    try (Session session = cluster.admin(node)) {
      NodeObservation observation = GroupDriver.observe(node, session, cluster.group(session));
      Optional<String> role = role(observation);
      boolean writable = session.value("SELECT @@GLOBAL.super_read_only").orElse("").equals("0");
      return new Answer<>(
          new NodeStatus(
              node.name(),
              node.address().value(),
              machine,
              Optional.of(observation.state().name()),
              role,
              writable,
              session.value("SELECT @@version"),
              observation.executed().count(),
              cluster.group(session).applierQueue(),
              Optional.empty(),
              observation.state() == GroupMember.State.ONLINE
                  && (writable || !role.equals(Optional.of("primary"))),
              Optional.empty()),
          Optional.of(observation));
    }
  }

  /** What the metadata of an InnoDB Cluster says and isn't so. */
  private static List<String> metadata(Cluster cluster) {
    try {
      Optional<ClusterMetadata> metadata = ClusterMetadata.of(cluster);
      return metadata.isPresent()
          ? metadata.get().problems().stream()
              .map(p -> "metadata: clusterctl up would " + p)
              .toList()
          : List.of();
    } catch (IOException e) {
      return List.of("metadata: " + e.getMessage());
    }
  }

  private static Optional<String> role(NodeObservation observation) {
    return observation.state() == GroupMember.State.ONLINE
        ? observation.members().stream()
            .filter(m -> m.uuid().equals(observation.serverUuid()))
            .findFirst()
            .map(m -> m.primary() ? "primary" : "secondary")
        : Optional.empty();
  }

  private static List<String> problems(
      Cluster cluster,
      List<NodeStatus> nodes,
      List<NodeObservation> observations,
      GroupFormation formation) {
    List<String> problems = new ArrayList<>();
    if (formation instanceof GroupFormation.Refuse refuse) {
      problems.add(refuse.reason() + " (" + refuse.advice() + ")");
    } else if (formation instanceof GroupFormation.Bootstrap) {
      problems.add("no node is in a group: clusterctl up begins it");
    }
    GroupMode.contradiction(cluster.topology().replication().mode(), observations)
        .ifPresent(e -> problems.add("%s (%s)".formatted(e.getMessage(), e.advice())));
    for (NodeStatus node : nodes) {
      node.problem().ifPresent(p -> problems.add(node.name() + ": " + p));
      if (node.problem().isEmpty() && !node.healthy()) {
        problems.add(
            "%s is %s in the group: clusterctl up brings it back"
                .formatted(node.name(), node.state().orElse("not")));
      }
      if (node.writable() && !node.state().equals(Optional.of(GroupMember.State.ONLINE.name()))) {
        problems.add(
            0, node.name() + " takes writes outside of its group: clusterctl up stops that");
      }
    }
    problems.addAll(disagreements(observations));
    problems.addAll(foreign(cluster, observations));
    return problems;
  }

  private static List<String> foreign(Cluster cluster, List<NodeObservation> observations) {
    GroupDriver driver = new GroupDriver(cluster);
    return observations.stream()
        .flatMap(o -> o.members().stream())
        .filter(m -> !m.host().isEmpty() && driver.nodeOf(m).isEmpty())
        .map(GroupMember::host)
        .distinct()
        .map(
            host ->
                "%s is a member of the group, and cluster.yaml doesn't name it: clusterctl up --yes takes it out"
                    .formatted(host))
        .toList();
  }

  /** Members that are ONLINE in their own eyes and not in another's: proxies would disagree too. */
  private static List<String> disagreements(List<NodeObservation> observations) {
    List<String> problems = new ArrayList<>();
    for (NodeObservation seer : observations) {
      for (NodeObservation seen : observations) {
        Optional<GroupMember.State> state =
            seer.members().stream()
                .filter(m -> m.uuid().equals(seen.serverUuid()))
                .map(GroupMember::state)
                .findFirst();
        if (seer.state() == GroupMember.State.ONLINE
            && seen.state() == GroupMember.State.ONLINE
            && !state.equals(Optional.of(GroupMember.State.ONLINE))) {
          problems.add(
              "%s is ONLINE, but %s sees it %s: restart MySQL on %s if it stays so"
                  .formatted(
                      seen.node(),
                      seer.node(),
                      state.map(Enum::name).orElse("not at all"),
                      seer.node()));
        }
      }
    }
    return problems;
  }
}
