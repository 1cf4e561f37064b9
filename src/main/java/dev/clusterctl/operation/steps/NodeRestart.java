package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ReplicationDriver;
import dev.clusterctl.remote.Command;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Restarts the server of one node while the others go on. */
final class NodeRestart {
  private static final Duration RESTART = Duration.ofMinutes(5);

  private NodeRestart() {}

  /** All nodes, the one that takes writes last. */
  static List<Node> order(Cluster cluster) {
    Optional<Node> writer = cluster.driver().writer();
    List<Node> nodes = new ArrayList<>(cluster.topology().nodes());
    nodes.sort(Comparator.comparing(node -> writer.equals(Optional.of(node))));
    return nodes;
  }

  /**
   * Restarts it, and waits until it is back in replication. Where it alone takes the writes,
   * another node does meanwhile.
   *
   * @throws IOException if the others can't do without it, if it doesn't start, or doesn't come
   *     back
   */
  static void restart(Cluster cluster, Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    ReplicationDriver driver = cluster.driver();
    driver.requireDispensable(node);
    Optional<Node> standIn = driver.handOver(node, progress);
    driver.beforeRestart(node);
    progress.accept("restarting");
    cluster
        .remote(node.name())
        .check(
            Command.words(
                    "restart MySQL",
                    "systemctl",
                    "restart",
                    cluster.installation(node.name()).service())
                .withTimeout(RESTART));
    driver.afterRestart(node, progress);
    if (standIn.isPresent()) {
      driver.handBack(node, progress);
    }
  }
}
