package dev.clusterctl.operation.seeding;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.function.Consumer;

/** A way of seeding whose interruption is noticed by the next run. */
record MarkedSeeding(Cluster cluster, Seeding method) implements Seeding {
  @Override
  public String label() {
    return method.label();
  }

  @Override
  public void seed(Node donor, Node recipient, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    SeedingMark mark = new SeedingMark(cluster, recipient);
    mark.put(label());
    method.seed(donor, recipient, progress);
    mark.remove();
  }
}
