package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ConnectionInfo;
import dev.clusterctl.operation.Up;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import picocli.CommandLine.Command;

@Command(
    name = "up",
    description = {
      "Make the cluster what its file says.",
      "Safe to run again: what is as it should be stays untouched. Servers that need a restart for"
          + " new options get it one at a time."
    })
final class UpCommand extends ClusterCommand {
  UpCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    try (Cluster cluster = session.cluster()) {
      Report report =
          new Up(cluster).run(session.executor(), Executor.Mode.APPLY, session.consent());
      ExitCode code = session.finish(report);
      if (code == ExitCode.OK) {
        ConnectionView.hint(session, ConnectionInfo.of(cluster));
      }
      return code;
    }
  }
}
