package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Up;
import dev.clusterctl.operation.Upgrade;
import dev.clusterctl.operation.upgrade.ClusterFile;
import dev.clusterctl.operation.upgrade.UpgradeChecks;
import dev.clusterctl.operation.upgrade.UpgradeFacts;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.ReadResult;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "upgrade",
    description = {
      "Give the servers another version of MySQL, one at a time, while clients go on.",
      "Checks everything first. Those that follow or only read come first; the one that takes the"
          + " writes is the last, once another one takes them. Each is back in replication before the"
          + " next one goes. Killed or failed at any moment, it goes on from there when it is run"
          + " again. In the end it does what up does.",
      "mysql.version in cluster.yaml is rewritten before the first node is touched. Package files that"
          + " cluster.yaml names are to be those of the new version."
    })
final class UpgradeCommand extends ClusterCommand {
  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = "The version, such as 8.4.6, or a series (default: what cluster.yaml says).")
  private @Nullable String to;

  @Option(
      names = "--dry-run",
      description = "Check, say in which order it would go, and change nothing.")
  private boolean dryRun;

  UpgradeCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    if (to != null && !to.matches("\\d+\\.\\d+(\\.\\d+)?")) {
      throw new UsageException(
          "'%s' is not a version of MySQL".formatted(to), "such as --to 8.4.6, or --to 8.4");
    }
    ClusterFile file = ClusterFile.read(session.topology().file(), Optional.ofNullable(to));
    ReadResult result = file.result();
    Topology topology =
        result
            .topology()
            .orElseThrow(
                () -> new InvalidFileException(session.topology().file(), result.problems()));
    try (Cluster cluster = new Cluster(topology, session.state(), session.env())) {
      Upgrade upgrade = new Upgrade(cluster);
      UpgradeFacts facts = upgrade.look();
      List<String> advice = UpgradeChecks.advice(facts);
      if (dryRun) {
        show(session, facts, upgrade.plan(facts), advice);
        return ExitCode.OK;
      }
      advice.forEach(line -> session.say(Event.Level.WARNING, line));
      if (!facts.done() && !session.confirm(question(topology, facts))) {
        return ExitCode.FAILED;
      }
      return run(session, cluster, upgrade, facts, file);
    }
  }

  private static ExitCode run(
      Session session, Cluster cluster, Upgrade upgrade, UpgradeFacts facts, ClusterFile file)
      throws IOException {
    if (file.changes()) {
      file.write();
      session.say(
          Event.Level.INFO,
          "%s has version: %s now".formatted(cluster.topology().file(), facts.target()));
    }
    Report upgraded = upgrade.run(session.executor(), facts);
    if (!upgraded.succeeded()) {
      ExitCode code = session.finish(upgraded);
      session.say(
          Event.Level.INFO,
          "it stopped there, and the other nodes go on as they are; once the cause is mended, clusterctl upgrade goes on from there");
      return code;
    }
    Report up = new Up(cluster).run(session.executor(), Executor.Mode.APPLY, false);
    return session.finish(upgraded.plus(up));
  }

  private static String question(Topology topology, UpgradeFacts facts) {
    return facts.others().isEmpty()
        ? "finish the upgrade of %s to MySQL %s?".formatted(topology.name(), facts.target())
        : "put MySQL %s in the place of %s on all nodes of %s, one after the other?"
            .formatted(facts.target(), facts.othersInWords(), topology.name());
  }

  private static void show(
      Session session, UpgradeFacts facts, List<String> plan, List<String> advice) {
    session
        .output()
        .result(
            "upgrade",
            Map.of(
                "dry-run", true, "to", facts.target().toString(), "plan", plan, "advice", advice),
            () -> {
              List<String> lines = new ArrayList<>();
              if (plan.isEmpty()) {
                lines.add("every node has MySQL %s already".formatted(facts.target()));
              }
              for (int i = 0; i < plan.size(); i++) {
                lines.add("%d. %s".formatted(i + 1, plan.get(i)));
              }
              advice.forEach(line -> lines.add("note: " + line));
              return lines;
            });
  }
}
