package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.steps.RestartPlan;
import dev.clusterctl.operation.upgrade.VersionGate;
import dev.clusterctl.output.PlanView;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restart",
    description = {
      "Restart MySQL on nodes, one at a time, while clients go on.",
      "Each is back in replication before the next one goes; the one that takes writes is the last,"
          + " and hands over first: a single primary to another member, a source to a replica. A"
          + " source that cluster.yaml names as such gets its role back. Refused while another member"
          + " isn't ONLINE, or no replica can take over."
    })
final class RestartCommand extends ClusterCommand {
  @Parameters(paramLabel = "NODE", arity = "0..*", description = "Which nodes.")
  private List<String> nodes = List.of();

  @Option(names = "--rolling", description = "All nodes.")
  private boolean rolling;

  @Option(names = "--dry-run", description = "Only show in which order.")
  private boolean dryRun;

  RestartCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    Set<NodeName> names = names(session);
    try (Cluster cluster = session.cluster()) {
      // Amid an upgrade roles can't be handed over as they are when all are alike.
      VersionGate.require(cluster);
      Plan plan = RestartPlan.of(cluster, names);
      if (dryRun) {
        Report report = session.executor().run(plan, Executor.Mode.PLAN);
        PlanView.show(session.output(), report);
        return ExitCode.OK;
      }
      return session.finish(session.executor().run(plan, Executor.Mode.APPLY));
    }
  }

  private Set<NodeName> names(Session session) throws UsageException {
    if (rolling == !nodes.isEmpty()) {
      throw new UsageException(
          "either nodes, or --rolling for all of them",
          "clusterctl restart --rolling, or clusterctl restart db2");
    }
    Set<NodeName> names = new LinkedHashSet<>();
    for (Node node : session.topology().nodes()) {
      if (rolling) {
        names.add(node.name());
      }
    }
    for (String given : nodes) {
      NodeName name = session.machine(given).name();
      if (session.topology().node(name).isEmpty()) {
        throw new UsageException(name + " is the proxy", "name one of the MySQL nodes");
      }
      names.add(name);
    }
    return names;
  }
}
