package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.roles.Failover;
import dev.clusterctl.step.Event;
import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "failover",
    description = {
      "Make a replica the source where the old source is gone.",
      "Takes the replica that has the most, which first applies what it has received. Says which"
          + " transactions may be lost, and asks, unless --yes is given. Refuses while the old"
          + " source may be alive. A group does this by itself.",
      "Exit code 3 where the roles changed, and a node that is there couldn't be made to follow, or"
          + " the proxy couldn't be moved."
    })
final class FailoverCommand extends ClusterCommand {
  @Option(
      names = "--to",
      paramLabel = "NODE",
      description = "The node that is to take writes (default: the one that has the most).")
  private @Nullable String to;

  @Option(names = "--dry-run", description = "Say what would be done, and change nothing.")
  private boolean dryRun;

  FailoverCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    if (session.topology().replication().hasGroup()) {
      throw new UsageException(
          "a group elects another primary by itself",
          "clusterctl status shows who it is; clusterctl failover-test proves that it does");
    }
    Optional<NodeName> wanted =
        to == null ? Optional.empty() : Optional.of(session.node(to).name());
    try (Cluster cluster = session.cluster()) {
      Failover failover = new Failover(cluster, wanted, session.events());
      Failover.Proposal proposal = failover.look();
      if (dryRun) {
        List<String> lines = new ArrayList<>();
        lines.add("%s becomes the source".formatted(proposal.target().name()));
        lines.addAll(proposal.consequences());
        RoleChangeView.plan(session, "failover", lines);
        return ExitCode.OK;
      }
      proposal.consequences().forEach(c -> session.say(Event.Level.WARNING, c));
      if (!session.confirm("make %s the source?".formatted(proposal.target().name()))) {
        return ExitCode.FAILED;
      }
      return RoleChangeView.show(session, "failover", failover.run(proposal), Optional.empty());
    }
  }
}
