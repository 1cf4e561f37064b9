package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Logs;
import dev.clusterctl.topology.NodeName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = {"Show the log of a node's MySQL server, or of the proxy."})
final class LogsCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "NODE", description = "A node, or the proxy.")
  private String node = "";

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "How many lines, counted from the end (default: 100).")
  private int lines = 100;

  @Option(
      names = {"-F", "--follow"},
      description = "Go on with new lines until Ctrl-C.")
  private boolean follow;

  LogsCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    NodeName machine = session.machine(node).name();
    session.output().close();
    try (Cluster cluster = session.cluster()) {
      new Logs(cluster).show(machine, lines, follow, line -> session.shell().out().println(line));
      return ExitCode.OK;
    }
  }
}
