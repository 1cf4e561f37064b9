package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.roles.RefusedException;
import dev.clusterctl.operation.roles.Rejoin;
import dev.clusterctl.topology.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rejoin",
    description = {
      "Make a node that was the source a replica of the source there is now.",
      "Its server is started if need be, and refuses writes from the first moment. Transactions that"
          + " it has and the source lacks are named and kept; with --reseed they go, with all of"
          + " its data, and a copy of the source's takes their place."
    })
final class RejoinCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "NODE", description = "The node that is to be a replica.")
  private String node = "";

  @Option(
      names = "--reseed",
      description =
          "Replace its data by the source's where it can't follow otherwise; asks, unless --yes is"
              + " given.")
  private boolean reseed;

  RejoinCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    Node replica = session.node(node);
    if (session.topology().replication().hasGroup()) {
      throw new UsageException(
          "the members of a group follow no source", "clusterctl up brings a member back");
    }
    try (Cluster cluster = session.cluster()) {
      Rejoin rejoin = new Rejoin(cluster, replica, session.events());
      Rejoin.Found found = rejoin.fence();
      if (found.needsReseeding()) {
        if (!reseed) {
          throw new RefusedException(
              "%s can't follow %s as it is".formatted(replica.name(), found.source().name()),
              reasons(replica, found),
              "clusterctl rejoin %s --reseed, if its data may be replaced by a copy of %s's"
                  .formatted(replica.name(), found.source().name()));
        }
        if (!session.confirm(
            "replace all data of %s by a copy of %s's?%s"
                .formatted(
                    replica.name(),
                    found.source().name(),
                    found.errant().isEmpty()
                        ? ""
                        : " Lost are the transactions " + found.errant()))) {
          return ExitCode.FAILED;
        }
      }
      return RoleChangeView.show(
          session, "rejoin", rejoin.run(found, found.needsReseeding()), Optional.empty());
    }
  }

  private static List<String> reasons(Node replica, Rejoin.Found found) {
    List<String> reasons = new ArrayList<>();
    if (!found.errant().isEmpty()) {
      reasons.add(
          "it has transactions that %s lacks: %s".formatted(found.source().name(), found.errant()));
      reasons.add(
          "look at them first: clusterctl ssh %s -- 'mysqlbinlog --include-gtids=%s -v …/binlog.*'"
              .formatted(replica.name(), found.errant()));
    }
    switch (found.need()) {
      case NONE -> {}
      case EMPTY -> reasons.add("it is empty");
      case PURGED ->
          reasons.add(
              "%s has purged transactions that it needs from its binary logs"
                  .formatted(found.source().name()));
    }
    reasons.add("it refuses writes, and nothing was replaced");
    return reasons;
  }
}
