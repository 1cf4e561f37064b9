package dev.clusterctl.operation;

import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Takes the cluster's machines away, and what clusterctl kept about them. */
public final class Down {
  private final Cluster cluster;

  public Down(Cluster cluster) {
    this.cluster = cluster;
  }

  /** What {@link #run} does, for a question to the user. */
  public Plan plan() {
    return Plan.of(cluster.provider().removal());
  }

  /**
   * Removes the machines; then, where that succeeded, keys and generated passwords, which belong to
   * machines that are no more. Logs stay.
   */
  public Report run(Executor executor, Executor.Mode mode) throws IOException {
    Report report = executor.run(plan(), mode);
    if (mode == Executor.Mode.APPLY && report.succeeded()) {
      cluster.close();
      for (Path gone : List.of(cluster.state().secrets(), cluster.state().ssh())) {
        delete(gone);
      }
    }
    return report;
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
