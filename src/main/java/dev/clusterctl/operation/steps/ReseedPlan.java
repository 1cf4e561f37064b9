package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.seeding.Seeding;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Node;
import java.util.List;
import java.util.Set;

/** The steps that give a replica new data and have it follow again. */
public final class ReseedPlan {
  private ReseedPlan() {}

  /**
   * @param seeding how the data comes from the source to the node
   */
  public static Plan of(Cluster cluster, Node node, Node source, Seeding seeding) {
    Step reseed = new ReseedStep(cluster, node, source, seeding);
    Step replica = new ReplicaStep(cluster, node, Set.of(reseed.id()));
    return Plan.of(List.of(reseed, replica), step -> "replication");
  }
}
