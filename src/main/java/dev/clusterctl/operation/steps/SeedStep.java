package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.operation.seeding.Seeding;
import dev.clusterctl.operation.seeding.Seedings;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.Set;

/**
 * A node has the data without which it couldn't follow the source. Only an empty one is given data
 * here: what somebody has is never replaced without being asked.
 */
final class SeedStep extends ClusterStep {
  private final Cluster cluster;
  private final Node node;
  private final SourceDriver driver;

  SeedStep(Cluster cluster, Node node, Set<String> needs) {
    super(node.name().value(), "seed", "seeded", needs, Set.of());
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
    ReplicaObservation replica = driver.observe(node);
    return switch (Seeding.need(replica, driver.observe(source))) {
      case NONE -> Check.satisfied();
      case EMPTY ->
          Check.differs(
              "copy the data of %s by %s".formatted(source.name(), Seedings.of(cluster).label()));
      case PURGED ->
          throw new MySqlException(
              "%s needs transactions that %s has purged from its binary logs: it was away too long"
                  .formatted(node.name(), source.name()),
              0,
              "clusterctl reseed %s replaces its data by a copy of the source's"
                  .formatted(node.name()),
              null);
    };
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    Seedings.of(cluster).seed(driver.requireWriter(), node, progress::report);
  }
}
