package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Up;
import dev.clusterctl.output.PlanView;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import picocli.CommandLine.Command;

@Command(
    name = "plan",
    description = {"Show what up would change, and change nothing."})
final class PlanCommand extends ClusterCommand {
  PlanCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    try (Cluster cluster = session.cluster()) {
      Report report = new Up(cluster).run(session.executor(), Executor.Mode.PLAN, false);
      PlanView.show(session.output(), report);
      return report.succeeded() ? ExitCode.OK : session.finish(report);
    }
  }
}
