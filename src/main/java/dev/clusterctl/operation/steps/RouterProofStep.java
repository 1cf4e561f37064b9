package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.ClientView;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.proxy.ThroughProxy;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A row that was written through each Router is on every member; and where writes don't belong, at
 * the port for reads and on each secondary, the server itself refuses them.
 */
final class RouterProofStep extends ClusterStep {
  private static final Duration ARRIVE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(100);

  /** {@code ER_OPTION_PREVENTS_STATEMENT}: the server is read-only. */
  private static final int READ_ONLY = 1290;

  private static final String THERE =
      "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'clusterctl' AND TABLE_NAME ="
          + " 'router_proof'";
  private static final String READ = "SELECT token FROM clusterctl.router_proof WHERE router = ?";

  /** Refused by a server that is read-only, though it would change nothing. */
  private static final String NO_CHANGE =
      "UPDATE clusterctl.router_proof SET token = token WHERE router = ''";

  private final Cluster cluster;
  private final GroupDriver driver;
  private final ClientView path;

  RouterProofStep(Cluster cluster, Set<String> needs, Set<String> after) {
    super(CLUSTER, "router-proof", "rows get through, writes only where they belong", needs, after);
    this.cluster = cluster;
    this.driver = new GroupDriver(cluster);
    this.path = new ClientView(cluster);
  }

  @Override
  public Check check() throws IOException {
    for (Proxy proxy : cluster.topology().proxies()) {
      Optional<String> written = read(driver.requireWriter(), proxy);
      if (written.isEmpty()) {
        return Check.differs(
            "write a row through %s and read it on each node".formatted(proxy.name()));
      }
      for (Node node : members()) {
        if (!read(node, proxy).equals(written)) {
          return Check.differs(
              "write a row through %s and read it on each node (%s lacks the last one)"
                  .formatted(proxy.name(), node.name()));
        }
      }
    }
    refusals();
    return Check.satisfied();
  }

  private Optional<String> read(Node node, Proxy proxy) throws IOException {
    try (Session session = cluster.admin(node)) {
      return session.value(THERE).isPresent()
          ? session.value(READ, proxy.name().value())
          : Optional.empty();
    }
  }

  /** The nodes that are in the group now; the others are other steps' business. */
  private List<Node> members() {
    GroupDriver.Observations observations = driver.observe();
    return cluster.topology().nodes().stream()
        .filter(n -> observations.of(n.name()).filter(NodeObservation::inGroup).isPresent())
        .toList();
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    try (Session session = cluster.admin(driver.requireWriter())) {
      session.run("CREATE DATABASE IF NOT EXISTS clusterctl");
      session.run(
          "CREATE TABLE IF NOT EXISTS clusterctl.router_proof (router VARCHAR(63) PRIMARY KEY, token"
              + " CHAR(36) NOT NULL) ENGINE=InnoDB");
    }
    for (Proxy proxy : cluster.topology().proxies()) {
      String token = UUID.randomUUID().toString();
      progress.report("writing through " + proxy.name());
      write(proxy, token);
      for (Node node : members()) {
        progress.report("reading on " + node.name());
        Waiting.until(
            "the row written through %s is on %s".formatted(proxy.name(), node.name()),
            ARRIVE,
            LOOK,
            () ->
                read(node, proxy).equals(Optional.of(token))
                    ? Look.found(true)
                    : Look.notYet("an older row, or none"));
      }
    }
  }

  private void write(Proxy proxy, String token) throws IOException {
    try (ThroughProxy client = path.connect(proxy, proxy.writePort())) {
      client.change(
          "INSERT INTO clusterctl.router_proof VALUES (?, ?) ON DUPLICATE KEY UPDATE token ="
              + " VALUES(token)",
          proxy.name().value(),
          token);
    } catch (SQLException e) {
      throw new IOException(
          "%s: a row can't be written at port %d: %s (error %d)"
              .formatted(proxy.name(), proxy.writePort(), e.getMessage(), e.getErrorCode()),
          e);
    }
  }

  /**
   * Writes are refused where they don't belong.
   *
   * @throws MySqlException where one isn't, which is no difference that something could mend: a
   *     server takes writes that the group doesn't expect
   */
  private void refusals() throws IOException {
    List<NodeObservation> observations = driver.observe().answers();
    boolean secondaries = false;
    for (NodeObservation o : observations) {
      boolean secondary =
          o.hasMajority()
              && o.members().stream()
                  .anyMatch(m -> m.uuid().equals(o.serverUuid()) && !m.primary());
      if (secondary) {
        secondaries = true;
        onSecondary(cluster.topology().node(o.node()).orElseThrow());
      }
    }
    if (secondaries) {
      for (Proxy proxy : cluster.topology().proxies()) {
        atReadPort(proxy);
      }
    }
  }

  private void onSecondary(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      session.run(NO_CHANGE);
    } catch (MySqlException e) {
      if (e.code() == READ_ONLY) {
        return;
      }
      throw e;
    }
    throw accepted("the secondary " + node.name());
  }

  private void atReadPort(Proxy proxy) throws IOException {
    try (ThroughProxy client = path.connect(proxy, proxy.readPort())) {
      client.change(NO_CHANGE);
    } catch (SQLException e) {
      if (e.getErrorCode() == READ_ONLY) {
        return;
      }
      throw new IOException(
          "%s: port %d: %s (error %d)"
              .formatted(proxy.name(), proxy.readPort(), e.getMessage(), e.getErrorCode()),
          e);
    }
    throw accepted("%s at its port for reads, %d,".formatted(proxy.name(), proxy.readPort()));
  }

  private static MySqlException accepted(String who) {
    return new MySqlException(
        who + " takes writes", 0, "clusterctl status shows who is the primary", null);
  }
}
