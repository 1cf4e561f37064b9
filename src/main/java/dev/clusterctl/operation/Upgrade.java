package dev.clusterctl.operation;

import dev.clusterctl.operation.roles.RefusedException;
import dev.clusterctl.operation.steps.UpgradePlan;
import dev.clusterctl.operation.upgrade.NodeState;
import dev.clusterctl.operation.upgrade.UpgradeChecks;
import dev.clusterctl.operation.upgrade.UpgradeFacts;
import dev.clusterctl.operation.upgrade.UpgradeLook;
import dev.clusterctl.operation.upgrade.UpgradeOrder;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Gives a cluster's servers another version, one node at a time, while its clients go on. */
public final class Upgrade {
  private final Cluster cluster;

  /**
   * @param cluster with the topology that is to be: it has the new version
   */
  public Upgrade(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Looks whether it is possible; changes nothing.
   *
   * @throws RefusedException if it isn't: with every reason
   */
  public UpgradeFacts look() throws IOException {
    UpgradeFacts facts = new UpgradeLook(cluster).facts();
    List<String> reasons = UpgradeChecks.reasons(facts);
    if (!reasons.isEmpty()) {
      throw new RefusedException(
          "the servers can't be given MySQL %s now; nothing was touched".formatted(facts.target()),
          reasons,
          "");
    }
    return facts;
  }

  /** What {@link #run} would do, a line for each node that is left to be done. */
  public List<String> plan(UpgradeFacts facts) {
    List<String> lines = new ArrayList<>();
    for (NodeName name : UpgradeOrder.of(facts.nodes(), cluster.topology().mysql())) {
      NodeState node =
          facts.nodes().stream().filter(n -> n.node().equals(name)).findFirst().orElseThrow();
      if (node.half(cluster.topology().mysql())) {
        lines.add("%s: finish its upgrade, which was cut short".formatted(name));
      } else if (!node.done(cluster.topology().mysql())) {
        lines.add(
            "%s: put MySQL %s in the place of %s%s"
                .formatted(
                    name,
                    facts.target(),
                    node.running().map(Object::toString).orElse("?"),
                    node.writer() && facts.nodes().size() > 1
                        ? ", once another node takes the writes"
                        : ""));
      }
    }
    return lines;
  }

  /**
   * Does it. Stops at the first node that fails.
   *
   * @param facts of just now
   */
  public Report run(Executor executor, UpgradeFacts facts) {
    return executor.run(
        UpgradePlan.of(cluster, UpgradeOrder.of(facts.nodes(), cluster.topology().mysql())),
        Executor.Mode.APPLY);
  }
}
