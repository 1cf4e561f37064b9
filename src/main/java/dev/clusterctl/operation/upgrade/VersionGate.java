package dev.clusterctl.operation.upgrade;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.operation.Background;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.roles.RefusedException;
import dev.clusterctl.topology.MySql;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * {@code up} changes no server's version: all of them at once would be an outage, and there is no
 * way back. Where servers with data have another one than the file asks for, it does nothing and
 * names what does.
 */
public final class VersionGate {
  private VersionGate() {}

  /**
   * Looks at all machines that there are. One that doesn't answer has no say: whatever is to be
   * done about it comes later.
   *
   * @throws RefusedException if a node has another version, or is on its way to another one
   */
  public static void require(Cluster cluster) throws IOException {
    Map<NodeName, MachineProvider.State> machines = cluster.provider().survey();
    Map<NodeName, CompletableFuture<Software>> asked = new LinkedHashMap<>();
    for (Node node : cluster.topology().nodes()) {
      MachineProvider.State state =
          machines.getOrDefault(node.name(), MachineProvider.State.UNKNOWN);
      if (state != MachineProvider.State.ABSENT && state != MachineProvider.State.STOPPED) {
        asked.put(node.name(), Background.call(() -> Software.of(cluster, node)));
      }
    }
    Map<NodeName, Software> answers = new LinkedHashMap<>();
    for (Map.Entry<NodeName, CompletableFuture<Software>> one : asked.entrySet()) {
      await(one.getValue()).ifPresent(software -> answers.put(one.getKey(), software));
    }
    List<String> reasons = reasons(answers, cluster.topology().mysql());
    if (!reasons.isEmpty()) {
      throw new RefusedException(
          "cluster.yaml asks for MySQL %s, and that isn't what is there; nothing was touched"
              .formatted(words(cluster.topology().mysql())),
          reasons,
          "clusterctl upgrade changes the version (--dry-run says how), one node after the other; or put the version that is there into cluster.yaml");
    }
  }

  /** A line for each node that has, or may have, another version. */
  static List<String> reasons(Map<NodeName, Software> answers, MySql wanted) {
    List<String> reasons = new ArrayList<>();
    answers.forEach(
        (node, software) -> {
          Optional<ServerVersion> other =
              software.installed().filter(v -> software.data() && !wanted.servedBy(v));
          if (software.unfinished().isPresent()) {
            reasons.add(
                "%s is half-way from MySQL %s to another version"
                    .formatted(node, software.unfinished().orElseThrow()));
          } else if (other.isPresent()) {
            reasons.add("%s has MySQL %s".formatted(node, other.orElseThrow()));
          }
        });
    return reasons;
  }

  private static String words(MySql wanted) {
    return wanted.series() ? wanted.version().series() : wanted.version().toString();
  }

  private static Optional<Software> await(CompletableFuture<Software> asked) {
    try {
      return Optional.of(asked.get());
    } catch (ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
