package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.OpenSsh;
import dev.clusterctl.topology.NodeName;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "ssh",
    description = {
      "Open a shell on a machine, or run a command there.",
      "Uses the machine's own ssh program, with the cluster's key and pinned host keys."
    })
final class SshCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "NODE", description = "A node, or the proxy.")
  private String node = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "CMD",
      description = "After --: a command to run instead of a shell.")
  private List<String> command = List.of();

  SshCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    NodeName machine = session.machine(node).name();
    session.output().close();
    try (Cluster cluster = session.cluster()) {
      return ExitCode.passedOn(OpenSsh.run(cluster, machine, command));
    }
  }
}
