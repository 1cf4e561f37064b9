package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ClusterMetadata;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The schema is there and whole in which MySQL Shell and MySQL Router look for the cluster. */
final class MetadataSchemaStep extends ClusterStep {
  private final ClusterMetadata metadata;

  /**
   * @param after the steps that make each node a member: dozens of statements that all have to
   *     agree upon are better not made while some are joining
   */
  MetadataSchemaStep(Cluster cluster, Set<String> needs, Set<String> after) {
    super(CLUSTER, "metadata-schema", "metadata schema made", needs, after);
    this.metadata = ClusterMetadata.of(cluster).orElseThrow();
  }

  @Override
  public Check check() throws IOException {
    List<String> problems = metadata.schemaProblems(metadata.read());
    return problems.isEmpty() ? Check.satisfied() : new Check.Differs(problems, List.of());
  }

  @Override
  public void apply(Progress progress) throws IOException {
    metadata.makeSchema();
  }
}
