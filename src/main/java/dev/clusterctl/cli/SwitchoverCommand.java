package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.FailoverRun;
import dev.clusterctl.operation.failover.ChangeUnderLoad;
import dev.clusterctl.operation.roles.GroupSwitchover;
import dev.clusterctl.operation.roles.RoleChange;
import dev.clusterctl.operation.roles.Switchover;
import dev.clusterctl.operation.roles.SwitchoverOptions;
import dev.clusterctl.topology.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "switchover",
    description = {
      "Make another node the source (or a group's primary), by plan, with nothing lost.",
      "Checks everything first. The old source refuses writes, the new one applies the rest and"
          + " takes writes, the others and the old source follow it, and the proxy is moved. What"
          + " fails before the new source takes writes is undone.",
      "Exit code 3 where the roles changed and something is left to be done, or with --under-load an"
          + " acknowledged write is lost or the nodes differ."
    })
final class SwitchoverCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "NODE", description = "The node that is to take writes.")
  private String node = "";

  @Option(names = "--dry-run", description = "Check, say what would be done, and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--max-lag",
      paramLabel = "DURATION",
      description = "How far NODE may be behind to begin with (default: 10s).")
  private Duration maxLag = SwitchoverOptions.MOST_LAG;

  @Option(
      names = "--end-after",
      paramLabel = "DURATION",
      description =
          "How long statements and LOCK TABLES in progress may hold up the change before their"
              + " sessions are ended (default: 5s).")
  private Duration endAfter = SwitchoverOptions.OPEN_FOR;

  @Option(
      names = "--under-load",
      description =
          "Write and read through the proxy all the while, as the first database's account; measure"
              + " what clients felt, and compare all rows on all nodes afterwards.")
  private boolean underLoad;

  SwitchoverCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    Node target = session.node(node);
    try (Cluster cluster = session.cluster()) {
      return session.topology().replication().hasGroup()
          ? group(session, cluster, target)
          : sourceAndReplicas(session, cluster, target);
    }
  }

  private ExitCode sourceAndReplicas(Session session, Cluster cluster, Node target)
      throws Exception {
    Switchover switchover = new Switchover(cluster, options(target), session.events());
    Switchover.Roles roles = switchover.look();
    if (dryRun) {
      RoleChangeView.plan(session, "switchover", switchover.plan(roles));
      return ExitCode.OK;
    }
    return change(session, cluster, () -> switchover.run(roles));
  }

  private SwitchoverOptions options(Node target) throws UsageException {
    try {
      return new SwitchoverOptions(target.name(), maxLag, endAfter);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), "");
    }
  }

  private ExitCode group(Session session, Cluster cluster, Node target) throws Exception {
    GroupSwitchover switchover = new GroupSwitchover(cluster, target.name(), session.events());
    Node primary = switchover.look();
    if (dryRun) {
      RoleChangeView.plan(
          session,
          "switchover",
          List.of(
              primary.equals(target)
                  ? target.name() + " is the primary already"
                  : "the group elects %s in place of %s".formatted(target.name(), primary.name())));
      return ExitCode.OK;
    }
    return change(session, cluster, () -> switchover.run(primary));
  }

  private ExitCode change(Session session, Cluster cluster, Callable<RoleChange> change)
      throws Exception {
    if (!underLoad) {
      return RoleChangeView.show(session, "switchover", change.call(), Optional.empty());
    }
    ChangeUnderLoad.Result<RoleChange> result =
        new FailoverRun(cluster, session.anyDatabase(), session.events()).underLoad(change);
    return RoleChangeView.show(
        session, "switchover", result.result(), Optional.of(result.report()));
  }
}
