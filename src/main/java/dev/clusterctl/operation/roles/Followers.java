package dev.clusterctl.operation.roles;

import dev.clusterctl.operation.Background;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What comes after a new source takes writes: it can't be taken back any more, so what fails is
 * named and left open instead.
 */
final class Followers {
  private final Cluster cluster;
  private final SourceDriver driver;
  private final Story story;

  Followers(Cluster cluster, SourceDriver driver, Story story) {
    this.cluster = cluster;
    this.driver = driver;
    this.story = story;
  }

  /** Has nodes follow a source, all at once, and waits until each has caught up. */
  void all(List<Node> nodes, Node source) {
    Map<Node, CompletableFuture<Boolean>> begun = new LinkedHashMap<>();
    for (Node node : nodes) {
      begun.put(
          node,
          Background.call(
              () -> {
                driver.follow(node, source);
                driver.awaitCaughtUp(node, source, seen -> {});
                return true;
              }));
    }
    begun.forEach(
        (node, following) -> {
          try {
            following.get();
            story.tell("%s follows %s".formatted(node.name(), source.name()));
          } catch (ExecutionException e) {
            story.leaveOpen(
                "%s doesn't follow %s: %s; clusterctl status names what repairs it"
                    .formatted(
                        node.name(), source.name(), Background.asIoException(e).getMessage()));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            story.leaveOpen(
                "stopped before %s followed %s: clusterctl up"
                    .formatted(node.name(), source.name()));
          }
        });
  }

  /** Moves the proxy. */
  boolean proxy(ProxyMove move) {
    try {
      move.move();
      story.tell(move.title());
      return true;
    } catch (IOException e) {
      story.leaveOpen(
          "%s: not yet: %s; clusterctl up does it".formatted(move.title(), e.getMessage()));
      return false;
    }
  }

  /** Prepares the proxy's move and makes it, where the cluster has one. */
  void proxyOf(Node source) {
    cluster
        .topology()
        .proxy()
        .ifPresent(
            proxy -> {
              try (ProxyMove move = ProxyMove.prepare(cluster, proxy, source)) {
                proxy(move);
              } catch (IOException e) {
                story.leaveOpen(
                    "%s doesn't send writes to %s yet: %s; clusterctl up does it"
                        .formatted(proxy.name(), source.name(), e.getMessage()));
              }
            });
  }
}
