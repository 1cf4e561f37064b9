package dev.clusterctl.operation;

import dev.clusterctl.operation.steps.UpPlan;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Report;
import java.io.IOException;

/** Makes the cluster what its file says, or finds out what that would take. */
public final class Up {
  private final Plan plan;
  private final Phases phases;

  public Up(Cluster cluster, EventSink sink) throws IOException {
    this.plan = UpPlan.of(cluster);
    this.phases = new Phases(plan, UpPlan::phase, sink);
  }

  /** Where an executor of this plan sends its events: from there on to the sink, with phases. */
  public EventSink events() {
    return phases;
  }

  /**
   * Runs the plan.
   *
   * @param executor one that sends its events to {@link #events()}
   */
  public Report run(Executor executor, Executor.Mode mode) {
    return executor.run(plan, mode);
  }
}
