package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Restarts servers one after the other, each back in replication before the next one goes. */
public final class RestartPlan {
  private RestartPlan() {}

  /**
   * @param nodes which ones; the one that takes writes now comes last
   */
  public static Plan of(Cluster cluster, Set<NodeName> nodes) {
    List<Step> steps = new ArrayList<>();
    Set<String> before = Set.of();
    for (Node node : NodeRestart.order(cluster)) {
      if (nodes.contains(node.name())) {
        Step step = new RestartStep(cluster, node, before);
        steps.add(step);
        before = Set.of(step.id());
      }
    }
    return Plan.of(steps);
  }

  private static final class RestartStep extends ClusterStep {
    private final Cluster cluster;
    private final Node node;

    RestartStep(Cluster cluster, Node node, Set<String> needs) {
      super(node.name().value(), "restarted", "server restarted", needs, Set.of());
      this.cluster = cluster;
      this.node = node;
    }

    @Override
    public Check check() throws IOException {
      return Check.differs("restart MySQL");
    }

    @Override
    public void apply(Progress progress)
        throws IOException, InterruptedException, WaitTimeoutException {
      NodeRestart.restart(cluster, node, progress::report);
    }

    @Override
    public boolean verifiesItself() {
      return true;
    }
  }
}
