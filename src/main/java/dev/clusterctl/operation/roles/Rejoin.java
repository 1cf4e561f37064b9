package dev.clusterctl.operation.roles;

import dev.clusterctl.mysql.ClientSessions;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceFinding;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.operation.seeding.Seeding;
import dev.clusterctl.operation.seeding.Seedings;
import dev.clusterctl.remote.Command;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes a node that was the source, or is beside it, a replica of the source there is. */
public final class Rejoin {
  private static final Duration START = Duration.ofMinutes(5);

  private final Cluster cluster;
  private final SourceDriver driver;
  private final Node node;
  private final Story story;

  public Rejoin(Cluster cluster, Node node, EventSink sink) {
    this.cluster = cluster;
    this.driver = new SourceDriver(cluster);
    this.node = node;
    this.story = new Story(sink);
  }

  /**
   * What the node needs to be a replica.
   *
   * @param source whom it will follow
   * @param following whether it does already, and nothing is left to do
   * @param errant transactions that it has and the source lacks; they would be lost
   * @param need why it can only go on with a copy of the source's data, if it can
   */
  public record Found(Node source, boolean following, GtidSet errant, Seeding.Need need) {

    /** Whether its data must be replaced. */
    public boolean needsReseeding() {
      return !errant.isEmpty() || need != Seeding.Need.NONE;
    }
  }

  /**
   * Starts the node's server where it doesn't run, has it refuse writes, now and after a restart,
   * and finds out what it needs. A server that takes writes beside the source stops doing so here:
   * each of them would have to be thrown away later.
   *
   * @throws RefusedException if it is the source, or there is none to follow
   */
  public Found fence() throws IOException {
    SourceDriver.Observations now = driver.observe();
    Node source = source(now);
    if (now.of(node.name()).isEmpty()) {
      start();
    }
    driver.setRole(node, RoleGuard.REPLICA);
    try (Session session = cluster.admin(node)) {
      boolean wrote = cluster.replication(session).writable();
      if (wrote) {
        cluster.replication(session).refuseWrites();
        int ended = ClientSessions.end(session);
        story.tell(
            "%s refuses writes from now on (%d sessions of clients ended)"
                .formatted(node.name(), ended));
      }
    }
    ReplicaObservation replica = driver.observe(node);
    ReplicaObservation leader = driver.observeAfter(source, List.of(replica));
    boolean following =
        replica.follows(source.address().value())
            && replica.channel().filter(c -> c.running()).isPresent();
    return new Found(source, following, replica.errant(leader), Seeding.need(replica, leader));
  }

  /** The source: where two take writes, the other one. */
  private Node source(SourceDriver.Observations now) throws IOException {
    List<NodeName> others =
        now.answers().stream()
            .filter(o -> o.writable() && o.channel().isEmpty())
            .map(ReplicaObservation::node)
            .filter(name -> !name.equals(node.name()))
            .toList();
    if (others.size() == 1) {
      return cluster.topology().node(others.get(0)).orElseThrow();
    }
    SourceFinding finding = driver.finding(now);
    if (finding instanceof SourceFinding.Exists exists && exists.node().equals(node.name())) {
      throw new RefusedException(
          node.name() + " is the source",
          List.of(),
          "clusterctl switchover NODE makes another one the source, and %s its replica"
              .formatted(node.name()));
    }
    if (finding instanceof SourceFinding.Refuse refuse) {
      throw SourceDriver.refused(refuse);
    }
    throw new RefusedException(
        "no node takes writes, so there is nobody to follow", List.of(), "clusterctl up");
  }

  /** It starts read-only, and its guard finds out about the new source by itself. */
  private void start() throws IOException {
    driver.setRole(node, RoleGuard.REPLICA);
    story.tell("starting MySQL on " + node.name());
    cluster
        .remote(node.name())
        .check(
            Command.words(
                    "start MySQL",
                    "systemctl",
                    "start",
                    cluster.installation(node.name()).service())
                .withTimeout(START));
  }

  /**
   * Has it follow the source, and waits until it has caught up.
   *
   * @param reseed whether its data is replaced by the source's first
   */
  public RoleChange run(Found found, boolean reseed)
      throws IOException, InterruptedException, WaitTimeoutException {
    Node source = found.source();
    if (reseed) {
      Seeding seeding = Seedings.of(cluster, source, node);
      story.tell(
          "the data of %s is replaced by that of %s, by %s"
              .formatted(node.name(), source.name(), seeding.label()));
      seeding.seed(source, node, story::tell);
    }
    if (reseed || !found.following()) {
      driver.follow(node, source);
      driver.awaitCaughtUp(node, source, seen -> {});
    }
    story.tell("%s follows %s and has caught up".formatted(node.name(), source.name()));
    return new RoleChange(
        source.name(), Optional.empty(), false, Optional.empty(), story.moments(), story.open());
  }
}
