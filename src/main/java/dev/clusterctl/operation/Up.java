package dev.clusterctl.operation;

import dev.clusterctl.operation.steps.UpPlan;
import dev.clusterctl.operation.upgrade.VersionGate;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import java.io.IOException;

/** Makes the cluster what its file says, or finds out what that would take. */
public final class Up {
  private final Cluster cluster;

  public Up(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Runs all steps from nothing to clients that get through.
   *
   * @param removal whether servers and machines that the file names no longer may be removed
   * @throws IOException if the machines' provider can't even say how it makes them, or servers have
   *     another version than the file asks for
   */
  public Report run(Executor executor, Executor.Mode mode, boolean removal) throws IOException {
    VersionGate.require(cluster);
    return executor.run(UpPlan.of(cluster, removal), mode);
  }
}
