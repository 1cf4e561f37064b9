package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SqlShell;
import dev.clusterctl.topology.NodeName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "sql",
    description = {
      "Open a mysql client on a node, as clusterctl's administration account;",
      "without a node, on one that takes writes; on the proxy, at ProxySQL's admin interface or,"
          + " with Router, through it as the application's account.",
      "Statements may come on standard input."
    })
final class SqlCommand extends ClusterCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NODE",
      description = "A node, or the proxy.")
  private @Nullable String node;

  @Option(
      names = {"-e", "--execute"},
      paramLabel = "SQL",
      description = "Run this and leave. Others on this machine see it in the process list.")
  private @Nullable String statement;

  SqlCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    Optional<NodeName> machine =
        node == null ? Optional.empty() : Optional.of(session.machine(node).name());
    session.output().close();
    try (Cluster cluster = session.cluster()) {
      return ExitCode.passedOn(
          new SqlShell(cluster)
              .run(machine, Optional.ofNullable(statement), session.shell().inIsTerminal()));
    }
  }
}
