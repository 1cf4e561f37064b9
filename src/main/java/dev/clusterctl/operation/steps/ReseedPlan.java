package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.seeding.Seeding;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.MemberFile;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The steps that give a node new data and have it replicate again. */
public final class ReseedPlan {
  private static final String PHASE = "replication";

  private ReseedPlan() {}

  /**
   * For a replica.
   *
   * @param seeding how the data comes from the source to the node
   */
  public static Plan of(Cluster cluster, Node node, Node source, Seeding seeding) {
    Step reseed = new ReseedStep(cluster, node, source, seeding);
    Step replica = new ReplicaStep(cluster, node, Set.of(reseed.id()));
    return Plan.of(List.of(reseed, replica), step -> PHASE);
  }

  /** For a member of a group, which gives it data when it joins as an empty server. */
  public static Plan member(Cluster cluster, Node node) {
    Step emptied = new MemberEmptiedStep(cluster, node);
    Step data = new DataDirectoryStep(cluster, node, Set.of(emptied.id()));
    Step server = new ServerStep(cluster, node, ServerStep.START, Set.of(data.id()));
    Step accounts = new LocalAccountsStep(cluster, node, Set.of(server.id()));
    Step member = new MemberStep(cluster, node, Set.of(accounts.id()));
    List<Step> steps =
        new ArrayList<>(
            List.of(emptied, data, server, accounts, member, memberFile(cluster, node, member)));
    if (cluster.topology().replication().isInnodbCluster()) {
      // An emptied server has another UUID.
      steps.add(new MetadataStep(cluster, Set.of(member.id()), Set.of()));
    }
    return Plan.of(steps, step -> PHASE);
  }

  private static Step memberFile(Cluster cluster, Node node, Step member) {
    return new FileStep(
        cluster.remote(node.name()),
        "member-file",
        "rejoins at boot",
        () -> RemoteFile.of(MemberFile.PATH, MemberFile.content()),
        Set.of(member.id()));
  }
}
