package dev.clusterctl.operation;

import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.proxy.ThroughProxy;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What clients see through a MySQL Router that follows a cluster, beside what the group says of
 * itself. Asks as the monitoring account, once for each node on each port: so each server that
 * clients are sent to by turns is met.
 */
public final class ClientView {
  private final Cluster cluster;
  private final GroupDriver driver;

  public ClientView(Cluster cluster) {
    this.cluster = cluster;
    this.driver = new GroupDriver(cluster);
  }

  /** What clients come to a port for. */
  public enum Purpose {
    WRITES,
    READS,
    /** The Router itself tells reads from writes. */
    BOTH
  }

  /**
   * Who answered at a port.
   *
   * @param server the node's name, or the host name of one that cluster.yaml doesn't know
   * @param role in the group, {@code primary} or {@code secondary}; empty outside
   */
  public record Seen(
      int port,
      Purpose purpose,
      String server,
      Optional<String> role,
      boolean readOnly,
      String version) {}

  /**
   * What there is to see.
   *
   * @param problems what clients see and the group doesn't, for people
   */
  public record View(NodeName proxy, List<Seen> seen, List<String> problems) {
    public boolean healthy() {
      return problems.isEmpty();
    }
  }

  /** The ports of a Router, and what they are for. */
  public static Map<Integer, Purpose> ports(Proxy.Router router) {
    Map<Integer, Purpose> ports = new LinkedHashMap<>();
    ports.put(router.writePort(), Purpose.WRITES);
    ports.put(router.readPort(), Purpose.READS);
    router
        .following()
        .flatMap(Proxy.Following::splitPort)
        .ifPresent(port -> ports.put(port, Purpose.BOTH));
    return ports;
  }

  /**
   * Connects as the monitoring account.
   *
   * @throws SQLException if nobody lets it in
   */
  public ThroughProxy connect(Proxy proxy, int port) throws IOException, SQLException {
    Credentials monitor = cluster.monitor();
    return ThroughProxy.connect(
        "127.0.0.1",
        cluster.remote(proxy.name()).tunnel(proxy.address().value(), port),
        monitor.user(),
        monitor.password(),
        cluster.clientsUseTls());
  }

  /**
   * Looks through one Router.
   *
   * @throws IOException if the machines can't be asked
   */
  public View look(Proxy.Router router) throws IOException {
    List<NodeObservation> observations = driver.observe().answers();
    List<Seen> seen = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Map.Entry<Integer, Purpose> port : ports(router).entrySet()) {
      Set<Seen> answers = new LinkedHashSet<>();
      for (int i = 0; i < cluster.topology().nodes().size(); i++) {
        try (ThroughProxy client = connect(router, port.getKey())) {
          answers.add(seen(port.getKey(), port.getValue(), client.ask(), observations));
        } catch (SQLException e) {
          problems.add(
              "port %d: %s"
                  .formatted(
                      port.getKey(),
                      String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
          break;
        }
      }
      seen.addAll(answers);
    }
    problems.addAll(contradictions(seen, observations));
    return new View(router.name(), seen, List.copyOf(new LinkedHashSet<>(problems)));
  }

  private static Seen seen(
      int port, Purpose purpose, ThroughProxy.Answer answer, List<NodeObservation> observations) {
    return new Seen(
        port,
        purpose,
        observations.stream()
            .filter(o -> o.serverUuid().equals(answer.uuid()))
            .map(o -> o.node().value())
            .findFirst()
            .orElse(answer.hostname()),
        answer.role().isEmpty()
            ? Optional.empty()
            : Optional.of(answer.role().toLowerCase(java.util.Locale.ROOT)),
        answer.superReadOnly(),
        answer.version());
  }

  private List<String> contradictions(List<Seen> seen, List<NodeObservation> observations) {
    List<String> problems = new ArrayList<>();
    Set<String> primaries = new LinkedHashSet<>();
    Set<String> members = new LinkedHashSet<>();
    observations.stream()
        .filter(NodeObservation::hasMajority)
        .flatMap(o -> o.members().stream())
        .forEach(
            m -> {
              Optional<String> name = driver.nodeOf(m).map(Node::name).map(NodeName::value);
              name.ifPresent(members::add);
              name.filter(n -> m.primary()).ifPresent(primaries::add);
            });
    for (Seen one : seen) {
      if (!members.contains(one.server())) {
        problems.add(
            "port %d leads to %s, which the group doesn't know"
                .formatted(one.port(), one.server()));
      } else if (one.purpose() == Purpose.WRITES
          && (one.readOnly() || !primaries.contains(one.server()))) {
        problems.add(
            "port %d leads writes to %s, but the group's primary is %s"
                .formatted(one.port(), one.server(), String.join(", ", primaries)));
      } else if (one.purpose() == Purpose.READS
          && primaries.contains(one.server())
          && members.size() > primaries.size()) {
        problems.add(
            "port %d leads reads to the primary %s, though there are secondaries"
                .formatted(one.port(), one.server()));
      }
    }
    return problems;
  }
}
