package dev.clusterctl.operation;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.mysql.ReplicaDiagnosis;
import dev.clusterctl.topology.MySql;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
   * @param state its own state in the group ({@code ONLINE}), or as a source or replica ({@code
   *     RUNNING}); empty where its server doesn't answer
   * @param role {@code primary} or {@code secondary}, {@code source} or {@code replica}; empty
   *     where it is none of them
   * @param writable whether it takes writes
   * @param transactions how many transactions it has
   * @param queue how many transactions it still lacks, or hasn't applied yet
   * @param lagSeconds how old what a replica applies is; empty where that isn't known
   * @param healthy whether it is what it should be
   * @param problem why something isn't known; empty where all is
   */
  public record NodeStatus(
      NodeName name,
      String address,
      MachineProvider.State machine,
      Optional<String> state,
      Optional<String> role,
      boolean writable,
      Optional<String> version,
      long transactions,
      long queue,
      Optional<Long> lagSeconds,
      boolean healthy,
      Optional<String> problem) {

    /** A node whose server can't be asked. */
    static NodeStatus unknown(Node node, MachineProvider.State machine, String why) {
      return new NodeStatus(
          node.name(),
          node.address().value(),
          machine,
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          0,
          0,
          Optional.empty(),
          false,
          Optional.of(why));
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
   * A server that a route of MySQL Router leads to.
   *
   * @param port where clients come to the route
   * @param server the node's name, or the address of one that cluster.yaml doesn't know
   * @param connections how many clients are on it now
   */
  public record Destination(int port, String server, int connections) {}

  /**
   * The proxy.
   *
   * @param service what systemd says of it
   * @param routes where ProxySQL sends clients; empty for MySQL Router
   * @param destinations who is on which server through a MySQL Router that follows a cluster
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
      List<Destination> destinations,
      List<String> detail,
      Optional<String> problem) {

    public boolean healthy() {
      return service.equals("active") && problem.isEmpty();
    }
  }

  /**
   * The whole.
   *
   * @param proxies one for each machine with a proxy
   * @param problems what a person should know beyond the tables, the gravest first
   * @param diagnoses those among them that have a name; none for a group
   */
  public record Snapshot(
      String cluster,
      String replication,
      List<NodeStatus> nodes,
      List<ProxyStatus> proxies,
      List<String> problems,
      List<ReplicaDiagnosis> diagnoses) {

    /** Whether everything is as it should be. */
    public boolean healthy() {
      return problems.isEmpty()
          && nodes.stream().allMatch(NodeStatus::healthy)
          && proxies.stream().allMatch(ProxyStatus::healthy);
    }
  }

  /**
   * Looks.
   *
   * @throws IOException if not even the machines' provider answers
   */
  public Snapshot look() throws IOException {
    Map<NodeName, MachineProvider.State> machines = cluster.provider().survey();
    List<CompletableFuture<ProxyStatus>> proxies =
        cluster.topology().proxies().stream()
            .map(
                p ->
                    Background.call(
                        () ->
                            ProxyLook.at(
                                cluster,
                                p,
                                machines.getOrDefault(p.name(), MachineProvider.State.UNKNOWN))))
            .toList();
    Replication replication = cluster.topology().replication();
    NodesLook nodes =
        replication.hasGroup() ? GroupLook.at(cluster, machines) : SourceLook.at(cluster, machines);
    List<ProxyStatus> proxyStatus = new ArrayList<>();
    for (CompletableFuture<ProxyStatus> proxy : proxies) {
      proxyStatus.add(Background.await(proxy));
    }
    List<String> problems = new ArrayList<>(nodes.problems());
    problems.addAll(versions(nodes.nodes(), cluster.topology().mysql()));
    return new Snapshot(
        cluster.topology().name(),
        replication.hasGroup()
            ? Replication.label(replication.type()) + ", " + Replication.label(replication.mode())
            : Replication.label(replication.type()),
        nodes.nodes(),
        proxyStatus,
        machines.values().stream().allMatch(m -> m == MachineProvider.State.ABSENT)
            ? List.of("there are no machines: clusterctl up makes them")
            : problems,
        nodes.diagnoses());
  }

  /** Servers of another version than the file asks for, as in the middle of an upgrade. */
  static List<String> versions(List<NodeStatus> nodes, MySql wanted) {
    List<String> other =
        nodes.stream()
            .filter(
                node ->
                    node.version()
                        .flatMap(ServerVersion::parse)
                        .filter(v -> !wanted.servedBy(v))
                        .isPresent())
            .map(node -> "%s runs MySQL %s".formatted(node.name(), node.version().orElse("")))
            .toList();
    return other.isEmpty()
        ? List.of()
        : List.of(
            "%s, and cluster.yaml asks for %s: clusterctl upgrade puts it there, one node after the other"
                .formatted(
                    String.join(", ", other),
                    wanted.series() ? wanted.version().series() : wanted.version()));
  }

  /**
   * What a look at the nodes showed.
   *
   * @param problems the gravest first
   * @param diagnoses those among them that have a name
   */
  record NodesLook(
      List<NodeStatus> nodes, List<String> problems, List<ReplicaDiagnosis> diagnoses) {}

  /**
   * What is known of a node.
   *
   * @param observation empty where its server doesn't answer
   */
  record Answer<O>(NodeStatus status, Optional<O> observation) {}

  /** Asks the server of one node. */
  interface Question<O> {
    Answer<O> ask(Node node) throws IOException;
  }

  /** Asks all nodes at once, except those whose machine can't answer anyway. */
  static <O> List<Answer<O>> askAll(
      Cluster cluster, Map<NodeName, MachineProvider.State> machines, Question<O> question)
      throws IOException {
    List<CompletableFuture<Answer<O>>> asked = new ArrayList<>();
    for (Node node : cluster.topology().nodes()) {
      MachineProvider.State state =
          machines.getOrDefault(node.name(), MachineProvider.State.UNKNOWN);
      asked.add(Background.call(() -> ask(node, state, question)));
    }
    List<Answer<O>> answers = new ArrayList<>();
    for (CompletableFuture<Answer<O>> one : asked) {
      answers.add(Background.await(one));
    }
    return answers;
  }

  private static <O> Answer<O> ask(Node node, MachineProvider.State machine, Question<O> question) {
    String why;
    if (machine == MachineProvider.State.ABSENT) {
      why = "no machine";
    } else if (machine == MachineProvider.State.STOPPED) {
      why = "machine stopped";
    } else {
      try {
        return question.ask(node);
      } catch (IOException e) {
        why = String.valueOf(e.getMessage());
      }
    }
    return new Answer<>(NodeStatus.unknown(node, machine, why), Optional.empty());
  }
}
