package dev.clusterctl.mysql.metadata;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What the metadata should say, from cluster.yaml and the servers.
 *
 * @param name what the cluster is called where it isn't known yet
 * @param transactionSizeLimit {@code group_replication_transaction_size_limit}, bytes
 * @param allowedHost where recovery accounts may come from
 * @param members the nodes of cluster.yaml that are in the group
 * @param others endpoints of the nodes of cluster.yaml that aren't in the group now, or can't be
 *     asked: what is noted of them stays
 * @param inGroup server_uuid of every member that the group sees, cluster.yaml's or not
 */
public record DesiredCluster(
    String name,
    UUID groupName,
    boolean multiPrimary,
    long transactionSizeLimit,
    String allowedHost,
    List<InstanceFacts> members,
    Set<String> others,
    Set<String> inGroup) {
  public DesiredCluster {
    members = List.copyOf(members);
    others = Set.copyOf(others);
    inGroup = Set.copyOf(inGroup);
  }
}
