package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Up;
import dev.clusterctl.output.PlanView;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.Event.Outcome;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.Packages.Deb;
import java.util.List;
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
      if (report.entries().stream().anyMatch(PlanCommand::mayInstall)) {
        List<Deb> files = cluster.topology().packageFiles();
        cluster.packageStore().outlook(files).forEach(line -> session.say(Event.Level.INFO, line));
      }
      return report.succeeded() ? ExitCode.OK : session.finish(report);
    }
  }

  /** Whether packages would be installed, or could be. */
  private static boolean mayInstall(Report.Entry entry) {
    return entry.step().id().endsWith("/packages")
        && (entry.outcome() instanceof Outcome.WouldChange
            || entry.outcome() instanceof Outcome.Later);
  }
}
