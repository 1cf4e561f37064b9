package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Down;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.Machines;
import picocli.CommandLine.Command;

@Command(
    name = "down",
    description = {
      "Take the cluster's machines away, with all their data.",
      "On a terminal it asks first, unless --yes is given.",
      "Hosts that exist already (provider: ssh) are left as they are."
    })
final class DownCommand extends ClusterCommand {
  DownCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    if (session.topology().machines().provider() == Machines.Provider.SSH) {
      throw new UsageException(
          "these machines exist without clusterctl (provider: ssh): it doesn't take them away",
          "stop MySQL on them by `clusterctl ssh NODE -- systemctl disable --now mysql`");
    }
    try (Cluster cluster = session.cluster()) {
      Down down = new Down(cluster);
      Report found = down.run(session.executor(), Executor.Mode.PLAN);
      if (!found.succeeded()) {
        return session.finish(found);
      }
      // A script that says down means it; a person may have the wrong file at hand.
      if (session.attended()
          && !found.nothingToDo()
          && !session.confirm(
              "remove the machines of %s with all their data?"
                  .formatted(session.topology().name()))) {
        return ExitCode.FAILED;
      }
      return session.finish(down.run(session.executor(), Executor.Mode.APPLY));
    }
  }
}
