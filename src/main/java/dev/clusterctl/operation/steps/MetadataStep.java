package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ClusterMetadata;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The metadata says of the cluster and its members what is so. */
final class MetadataStep extends ClusterStep {
  private final ClusterMetadata metadata;

  /**
   * @param after the steps that make each node a member: the others are noted though one failed
   */
  MetadataStep(Cluster cluster, Set<String> needs, Set<String> after) {
    super(CLUSTER, "metadata", "metadata true", needs, after);
    this.metadata = ClusterMetadata.of(cluster).orElseThrow();
  }

  @Override
  public Check check() throws IOException {
    List<String> problems = metadata.rowProblems();
    return problems.isEmpty() ? Check.satisfied() : new Check.Differs(problems, List.of());
  }

  @Override
  public void apply(Progress progress) throws IOException {
    metadata.repairRows();
  }
}
