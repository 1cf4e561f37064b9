package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.SchemaSize;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.operation.seeding.Seeding;
import dev.clusterctl.operation.seeding.SeedingMark;
import dev.clusterctl.operation.seeding.Seedings;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.List;
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
    List<SchemaSize> schemas = schemas(source);
    if (new SeedingMark(cluster, node).isThere()) {
      return Check.differs(copy(source, schemas) + "; an earlier copy was interrupted");
    }
    ReplicaObservation leader = driver.observe(source);
    return switch (Seeding.need(driver.observe(node), leader)) {
      case NONE ->
          // Data from before there were GTIDs is in no binary log.
          leader.executed().isEmpty() && !schemas.isEmpty() && schemas(node).isEmpty()
              ? Check.differs(copy(source, schemas))
              : Check.satisfied();
      case EMPTY -> {
        List<SchemaSize> own = schemas(node);
        if (!own.isEmpty()) {
          throw new MySqlException(
              "%s has data (%s) and no GTIDs that say what it is"
                  .formatted(node.name(), SchemaSize.text(own)),
              0,
              reseed(),
              null);
        }
        yield Check.differs(copy(source, schemas));
      }
      case PURGED ->
          throw new MySqlException(
              "%s needs transactions that %s has purged from its binary logs: it was away too long"
                  .formatted(node.name(), source.name()),
              0,
              reseed(),
              null);
    };
  }

  private List<SchemaSize> schemas(Node of) throws IOException {
    try (Session session = cluster.admin(of)) {
      return SchemaSize.of(session);
    }
  }

  private String copy(Node source, List<SchemaSize> schemas) throws IOException {
    return "copy the data of %s by %s (%s)"
        .formatted(
            source.name(), Seedings.of(cluster, source, node).label(), SchemaSize.text(schemas));
  }

  private String reseed() {
    return "clusterctl reseed %s replaces its data by a copy of the source's"
        .formatted(node.name());
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    Node source = driver.requireWriter();
    Seedings.of(cluster, source, node).seed(source, node, progress::report);
  }
}
