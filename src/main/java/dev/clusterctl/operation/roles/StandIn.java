package dev.clusterctl.operation.roles;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Has a replica take the place of a source that is about to be away, by a {@link Switchover}:
 * clients feel that, and not the time for which the source is away.
 */
public final class StandIn {
  private final Cluster cluster;
  private final EventSink sink;

  /**
   * @param progress told what happens
   */
  public StandIn(Cluster cluster, Consumer<String> progress) {
    this.cluster = cluster;
    this.sink =
        event -> {
          if (event instanceof Event.Message message) {
            progress.accept(message.text());
          }
        };
  }

  /**
   * Has any replica take over: the one that cluster.yaml names as the source, or else the first of
   * the file that can.
   *
   * @return who takes writes now
   * @throws RefusedException if none can: with the reasons of all; nothing was changed
   */
  public Node replace(Node source) throws IOException, InterruptedException, WaitTimeoutException {
    Set<String> reasons = new LinkedHashSet<>();
    for (Node candidate : candidates(source)) {
      Switchover switchover = switchoverTo(candidate);
      Switchover.Roles roles;
      try {
        roles = switchover.look();
      } catch (RefusedException e) {
        reasons.addAll(e.lastLines());
        continue;
      }
      requireComplete(switchover.run(roles));
      return candidate;
    }
    throw new RefusedException(
        "%s takes the writes, and no other node can take them over".formatted(source.name()),
        List.copyOf(reasons),
        "bring the replicas in order first; nothing was touched");
  }

  /**
   * Makes a node the source, as it was before it was away.
   *
   * @throws RefusedException if that isn't possible now: the other one goes on
   */
  public void restore(Node node) throws IOException, InterruptedException, WaitTimeoutException {
    Switchover switchover = switchoverTo(node);
    requireComplete(switchover.run(switchover.look()));
  }

  private Switchover switchoverTo(Node node) {
    return new Switchover(
        cluster,
        new SwitchoverOptions(node.name(), SwitchoverOptions.MOST_LAG, SwitchoverOptions.OPEN_FOR),
        sink);
  }

  private List<Node> candidates(Node source) {
    NodeName configured = cluster.topology().replication().sourceReplica().orElseThrow().source();
    List<Node> candidates = new ArrayList<>(cluster.topology().nodes());
    candidates.remove(source);
    candidates.sort(Comparator.comparing(node -> !node.name().equals(configured)));
    return candidates;
  }

  private static void requireComplete(RoleChange change) throws RefusedException {
    if (!change.complete()) {
      throw new RefusedException(
          "%s takes the writes now, and something is left to be done".formatted(change.source()),
          change.open(),
          "clusterctl up does it; then run this again");
    }
  }
}
