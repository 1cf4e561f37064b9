package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.operation.seeding.Seeding;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.Set;

/**
 * A replica's data is replaced by a copy of its source's, whatever it has. Interrupted, it leaves
 * its mark, and the next {@code up} or {@code reseed} copies again.
 */
final class ReseedStep extends ClusterStep {
  private final SourceDriver driver;
  private final Node node;
  private final Node source;
  private final Seeding seeding;
  private volatile boolean done;

  ReseedStep(Cluster cluster, Node node, Node source, Seeding seeding) {
    super(node.name().value(), "seed", "data replaced", Set.of(), Set.of());
    this.driver = new SourceDriver(cluster);
    this.node = node;
    this.source = source;
    this.seeding = seeding;
  }

  @Override
  public Check check() {
    return done
        ? Check.satisfied()
        : Check.differs(
            "replace its data by a copy of that of %s, by %s"
                .formatted(source.name(), seeding.label()));
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    // Should its server be restarted now, it mustn't ask whether it may take writes.
    driver.setRole(node, RoleGuard.REPLICA);
    seeding.seed(source, node, progress::report);
    done = true;
  }
}
