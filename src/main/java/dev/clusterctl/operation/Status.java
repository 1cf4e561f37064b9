package dev.clusterctl.operation;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.mysql.GroupFormation;
import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Who is what, at a glance: asks every machine at once and changes nothing. */
public final class Status {
  private final Cluster cluster;

  public Status(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * One node.
   *
   * @param machine what its machine is doing
   * @param state its own state in the group; empty where its server doesn't answer
   * @param role {@code primary} or {@code secondary}; empty where it is neither
   * @param writable whether it takes writes
   * @param transactions how many transactions it has
   * @param queue how many transactions wait to be applied there
   * @param problem why something isn't known; empty where all is
   */
  public record NodeStatus(
      NodeName name,
      String address,
      MachineProvider.State machine,
      Optional<GroupMember.State> state,
      Optional<String> role,
      boolean writable,
      Optional<String> version,
      long transactions,
      long queue,
      Optional<String> problem) {

    /** Whether it is what it should be. */
    public boolean healthy() {
      return state.equals(Optional.of(GroupMember.State.ONLINE))
          && (writable || !role.equals(Optional.of("primary")));
    }
  }

  /**
   * A server in a hostgroup of ProxySQL.
   *
   * @param role {@code writer}, {@code backup-writer}, {@code reader} or {@code offline}
   * @param server the node's name, or the address of one that cluster.yaml doesn't know
   * @param status as ProxySQL says it: {@code ONLINE}, {@code SHUNNED}, …
   */
  public record Route(String role, int hostgroup, String server, String status) {}

  /**
   * The proxy.
   *
   * @param service what systemd says of it
   * @param routes where ProxySQL sends clients; empty for MySQL Router, whose configuration says it
   * @param detail lines about its routes or hostgroups, for people
   */
  public record ProxyStatus(
      NodeName name,
      String address,
      String type,
      MachineProvider.State machine,
      String service,
      List<String> ports,
      List<Route> routes,
      List<String> detail,
      Optional<String> problem) {

    public boolean healthy() {
      return service.equals("active") && problem.isEmpty();
    }
  }

  /**
   * The whole.
   *
   * @param problems what a person should know beyond the tables, the gravest first
   */
  public record Snapshot(
      String cluster,
      String replication,
      List<NodeStatus> nodes,
      Optional<ProxyStatus> proxy,
      List<String> problems) {

    /** Whether everything is as it should be. */
    public boolean healthy() {
      return problems.isEmpty()
          && nodes.stream().allMatch(NodeStatus::healthy)
          && proxy.map(ProxyStatus::healthy).orElse(true);
    }
  }

  /**
   * Looks.
   *
   * @throws IOException if not even the machines' provider answers
   */
  public Snapshot look() throws IOException {
    Map<NodeName, MachineProvider.State> machines = cluster.provider().survey();
    Map<Node, CompletableFuture<Answer>> asked = new LinkedHashMap<>();
    for (Node node : cluster.topology().nodes()) {
      MachineProvider.State state =
          machines.getOrDefault(node.name(), MachineProvider.State.UNKNOWN);
      asked.put(node, Background.call(() -> look(node, state)));
    }
    Optional<CompletableFuture<ProxyStatus>> proxy =
        cluster
            .topology()
            .proxy()
            .map(
                p ->
                    Background.call(
                        () ->
                            ProxyLook.at(
                                cluster,
                                p,
                                machines.getOrDefault(p.name(), MachineProvider.State.UNKNOWN))));
    List<NodeStatus> nodes = new ArrayList<>();
    List<NodeObservation> observations = new ArrayList<>();
    List<NodeName> silent = new ArrayList<>();
    for (CompletableFuture<Answer> one : asked.values()) {
      Answer answer = await(one);
      nodes.add(answer.status());
      answer
          .observation()
          .ifPresentOrElse(observations::add, () -> silent.add(answer.status().name()));
    }
    Optional<ProxyStatus> proxyStatus =
        proxy.isPresent() ? Optional.of(await(proxy.get())) : Optional.empty();
    Replication replication = cluster.topology().replication();
    return new Snapshot(
        cluster.topology().name(),
        "group, " + Replication.label(replication.mode()),
        nodes,
        proxyStatus,
        problems(machines, nodes, observations, GroupFormation.decide(observations, silent)));
  }

  /** What is known of a node; no observation where its server doesn't answer. */
  private record Answer(NodeStatus status, Optional<NodeObservation> observation) {}

  private static List<String> problems(
      Map<NodeName, MachineProvider.State> machines,
      List<NodeStatus> nodes,
      List<NodeObservation> observations,
      GroupFormation formation) {
    if (machines.values().stream().allMatch(s -> s == MachineProvider.State.ABSENT)) {
      return List.of("there are no machines: clusterctl up makes them");
    }
    List<String> problems = new ArrayList<>();
    if (formation instanceof GroupFormation.Refuse refuse) {
      problems.add(refuse.reason() + " (" + refuse.advice() + ")");
    } else if (formation instanceof GroupFormation.Bootstrap) {
      problems.add("no node is in a group: clusterctl up begins it");
    }
    for (NodeStatus node : nodes) {
      node.problem().ifPresent(p -> problems.add(node.name() + ": " + p));
      if (node.problem().isEmpty() && !node.healthy()) {
        problems.add(
            "%s is %s in the group: clusterctl up brings it back"
                .formatted(node.name(), node.state().map(Enum::name).orElse("not")));
      }
      if (node.writable() && !node.state().equals(Optional.of(GroupMember.State.ONLINE))) {
        problems.add(
            0, node.name() + " takes writes outside of its group: clusterctl up stops that");
      }
    }
    problems.addAll(disagreements(observations));
    return problems;
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

  private Answer look(Node node, MachineProvider.State machine) {
    if (machine == MachineProvider.State.ABSENT || machine == MachineProvider.State.STOPPED) {
      return unknown(
          node,
          machine,
          machine == MachineProvider.State.ABSENT ? "no machine" : "machine stopped");
    }
    try (Session session = cluster.admin(node)) {
      NodeObservation observation = GroupDriver.observe(node, session, cluster.group(session));
      return new Answer(
          new NodeStatus(
              node.name(),
              node.address().value(),
              machine,
              Optional.of(observation.state()),
              role(observation),
              session.value("SELECT @@GLOBAL.super_read_only").orElse("").equals("0"),
              session.value("SELECT @@version"),
              observation.executed().count(),
              cluster.group(session).applierQueue(),
              Optional.empty()),
          Optional.of(observation));
    } catch (IOException e) {
      return unknown(node, machine, String.valueOf(e.getMessage()));
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

  private static Answer unknown(Node node, MachineProvider.State machine, String why) {
    return new Answer(
        new NodeStatus(
            node.name(),
            node.address().value(),
            machine,
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            0,
            0,
            Optional.of(why)),
        Optional.empty());
  }

  private static <T> T await(CompletableFuture<T> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw Background.asIoException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
