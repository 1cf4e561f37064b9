package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A node that isn't the source follows it, refuses writes, and has caught up. */
final class ReplicaStep extends ClusterStep {
  private final Cluster cluster;
  private final Node node;
  private final SourceDriver driver;

  ReplicaStep(Cluster cluster, Node node, Set<String> needs) {
    super(node.name().value(), "replica", "follows the source", needs, Set.of());
    this.cluster = cluster;
    this.node = node;
    this.driver = new SourceDriver(cluster);
  }

  @Override
  public Check check() throws IOException {
    Node source = driver.requireWriter();
    if (source.equals(node)) {
      return Check.satisfied();
    }
    List<String> changes = new ArrayList<>();
    if (!driver.role(node).equals(RoleGuard.REPLICA)) {
      changes.add("note that it is a replica");
    }
    ReplicaObservation now = driver.observe(node);
    try (Session session = cluster.admin(node)) {
      if (!session.value("SELECT @@GLOBAL.super_read_only").orElse("").equals("1")) {
        changes.add("refuse writes (super_read_only=ON)");
      }
      following(now.channel(), session, source).ifPresent(changes::add);
    }
    return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, List.of());
  }

  /** What is missing from following the source; empty where nothing is. */
  private Optional<String> following(
      Optional<ReplicationChannel> channel, Session session, Node source) throws IOException {
    if (channel.isEmpty()) {
      return Optional.of("follow " + source.name());
    }
    ReplicationChannel now = channel.get();
    if (!now.sourceHost().equals(source.address().value())
        || now.sourcePort() != MySqlServer.PORT) {
      return Optional.of("follow %s instead of %s".formatted(source.name(), now.sourceHost()));
    }
    if (!now.autoPosition()
        || !now.ssl()
        || !now.user().equals(cluster.recovery().user())
        || !driver.followsWithPasswordOfToday(session)) {
      return Optional.of("follow %s by GTID, with TLS and its account".formatted(source.name()));
    }
    return now.running() ? Optional.empty() : Optional.of("start replication again");
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    Node source = driver.requireWriter();
    if (source.equals(node)) {
      return;
    }
    driver.follow(node, source);
    driver.awaitCaughtUp(node, source, progress::report);
  }
}
