package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.dialect.UpgradePath;
import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.operation.roles.ProxyMove;
import dev.clusterctl.operation.roles.RefusedException;
import dev.clusterctl.operation.roles.RoleChange;
import dev.clusterctl.operation.roles.Switchover;
import dev.clusterctl.operation.roles.SwitchoverOptions;
import dev.clusterctl.operation.upgrade.GroupDeparture;
import dev.clusterctl.step.Event;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has a node stop doing its part before its server is stopped for another version: the others have
 * all that it has, another one takes the writes, and the proxy knows.
 */
final class Departure {
  private static final Duration ELECTION = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Cluster cluster;
  private final Topology topology;
  private final List<Node> order;

  /**
   * @param order in which nodes leave; all of them
   */
  Departure(Cluster cluster, List<Node> order) {
    this.cluster = cluster;
    this.topology = cluster.topology();
    this.order = List.copyOf(order);
  }

  /**
   * Does it.
   *
   * @param path from the node's version to the one that it will come back with
   * @throws IOException if the others can't do without it: nothing was changed, or they can do with
   *     what was
   */
  void leave(Node node, UpgradePath path, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (topology.replication().hasGroup()) {
      leaveGroup(node, path, progress);
    } else {
      leaveSource(node, progress);
    }
  }

  private void leaveGroup(Node node, UpgradePath path, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    GroupDriver driver = new GroupDriver(cluster);
    requireOthersOnline(node, driver.observe(node));
    GroupDeparture departure =
        GroupDeparture.of(
            order.stream().map(Node::name).toList(),
            node.name(),
            path,
            topology.replication().mode());
    Optional<Node> next = departure.writesTo().flatMap(topology::node);
    // One that only reads as long as this one is there is sent writes once it has left.
    boolean now = next.isPresent() && takesWrites(next.orElseThrow());
    if (now) {
      sendWritesTo(next, progress);
    }
    if (departure.handOver()) {
      driver.handOver(node, progress);
    }
    progress.accept("leaving the group");
    driver.beforeRestart(node);
    if (!now) {
      sendWritesTo(next, progress);
    }
    if (order.size() > 1) {
      Waiting.until(
          "another member takes writes in place of " + node.name(),
          ELECTION,
          LOOK,
          () -> driver.writer().isPresent() ? Look.found(true) : Look.notYet("none does"));
    }
  }

  private boolean takesWrites(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      return session.value("SELECT @@GLOBAL.super_read_only").orElse("").equals("0");
    }
  }

  /**
   * A Router with fixed routes has to be told. ProxySQL, and a Router that follows an InnoDB
   * Cluster, see by themselves who takes writes.
   */
  private void sendWritesTo(Optional<Node> writer, Consumer<String> progress) throws IOException {
    if (writer.isPresent()
        && topology.proxy().orElse(null) instanceof Proxy.Router router
        && router.following().isEmpty()) {
      try (ProxyMove move = ProxyMove.prepare(cluster, router, writer.orElseThrow())) {
        progress.accept(move.title());
        move.move();
      }
    }
  }

  private static void requireOthersOnline(Node node, NodeObservation view) throws MySqlException {
    List<String> missing =
        view.members().stream()
            .filter(m -> !m.uuid().equals(view.serverUuid()))
            .filter(m -> m.state() != GroupMember.State.ONLINE)
            .map(m -> m.host() + " is " + m.state())
            .toList();
    if (!missing.isEmpty()) {
      throw new MySqlException(
          "%s can't be spared now: %s, and without it the quorum could be lost"
              .formatted(node.name(), String.join(", ", missing)),
          0,
          "bring those members back (clusterctl logs NODE tells more), then run clusterctl upgrade again",
          null);
    }
  }

  private void leaveSource(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    SourceDriver driver = new SourceDriver(cluster);
    Node source = driver.requireWriter();
    // A change of roles that was cut short may have left it with the one before.
    sendWritesTo(Optional.of(source), progress);
    if (node.equals(source)) {
      if (order.size() > 1) {
        handOver(node, driver, progress);
      }
    } else if (!hasNewVersion(driver.observe(source))) {
      // An older one can't follow a newer source, and catches up once it is as new.
      driver.awaitCaughtUp(node, source, progress);
    }
  }

  private void handOver(Node source, SourceDriver driver, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    Node next =
        driver.observe().answers().stream()
            .filter(o -> !o.node().equals(source.name()))
            .filter(this::hasNewVersion)
            .findFirst()
            .flatMap(o -> topology.node(o.node()))
            .orElseThrow(
                () ->
                    new RefusedException(
                        "no replica has MySQL %s yet that could take the writes of %s"
                            .formatted(topology.mysql().version(), source.name()),
                        List.of(),
                        "clusterctl status shows what the nodes do"));
    Switchover switchover =
        new Switchover(
            cluster,
            SwitchoverOptions.retiring(next.name()),
            event -> {
              if (event instanceof Event.Message message) {
                progress.accept(message.text());
              }
            });
    RoleChange change = switchover.run(switchover.look());
    if (!change.complete()) {
      throw new RefusedException(
          "%s takes the writes now, and %s was left as it is".formatted(next.name(), source.name()),
          change.open(),
          "clusterctl status shows how the nodes do; then run clusterctl upgrade again");
    }
  }

  private boolean hasNewVersion(ReplicaObservation node) {
    return ServerVersion.parse(node.version()).filter(topology.mysql()::servedBy).isPresent();
  }
}
