package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A row that was written on the source can be read on each replica. */
final class ProofStep extends ClusterStep {
  private static final Duration ARRIVE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final String READ = "SELECT token FROM clusterctl.proof WHERE id = 1";
  private static final String THERE =
      "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'clusterctl' AND TABLE_NAME ="
          + " 'proof'";

  private final Cluster cluster;
  private final SourceDriver driver;

  ProofStep(Cluster cluster, Set<String> needs) {
    super(CLUSTER, "proof", "a row reaches every replica", needs, Set.of());
    this.cluster = cluster;
    this.driver = new SourceDriver(cluster);
  }

  @Override
  public Check check() throws IOException {
    Optional<String> written = read(driver.requireWriter());
    if (written.isEmpty()) {
      return Check.differs("write a row on the source and read it on each replica");
    }
    for (Node node : cluster.topology().nodes()) {
      if (!read(node).equals(written)) {
        return Check.differs(
            "write a row on the source and read it on each replica (%s lacks the last one)"
                .formatted(node.name()));
      }
    }
    return Check.satisfied();
  }

  private Optional<String> read(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      return session.value(THERE).isPresent() ? session.value(READ) : Optional.empty();
    }
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    String token = UUID.randomUUID().toString();
    Node source = driver.requireWriter();
    try (Session session = cluster.admin(source)) {
      session.run("CREATE DATABASE IF NOT EXISTS clusterctl");
      session.run(
          "CREATE TABLE IF NOT EXISTS clusterctl.proof (id INT PRIMARY KEY, token CHAR(36) NOT"
              + " NULL) ENGINE=InnoDB");
      session.run("REPLACE INTO clusterctl.proof VALUES (1, '%s')".formatted(token));
    }
    for (Node node : cluster.topology().nodes()) {
      progress.report("reading on " + node.name());
      Waiting.until(
          "the row written on %s is on %s".formatted(source.name(), node.name()),
          ARRIVE,
          LOOK,
          () ->
              read(node).equals(Optional.of(token))
                  ? Look.found(true)
                  : Look.notYet("an older row, or none"));
    }
  }
}
