package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.backup.Manifest;
import dev.clusterctl.operation.backup.Restore;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.Node;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = {
      "Make the cluster of a backup.",
      "Every byte of the backup is checked first. Machines and servers that are missing are made;"
          + " where there is data, it says which and asks (--yes) before all of it is replaced.",
      "The source gets the backup, and the others are seeded from it; in a group every node gets it."
    })
final class RestoreCommand extends ClusterCommand {
  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "A folder made by `clusterctl backup`.")
  private Path directory = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NODE",
      description =
          "The node that gets the backup and is the source then (default: the source that"
              + " cluster.yaml names). Not for groups.")
  private @Nullable String node;

  RestoreCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    if (node != null && session.topology().replication().hasGroup()) {
      throw new UsageException(
          "in a group every node gets the backup", "leave %s out".formatted(node));
    }
    try (Cluster cluster = session.cluster()) {
      Restore restore =
          Restore.check(cluster, directory, text -> session.say(Event.Level.INFO, text));
      Node target = node == null ? restore.target() : named(session, node);
      Report prepared = restore.prepare(session.executor());
      if (!prepared.succeeded()) {
        return session.finish(prepared);
      }
      List<String> existing = restore.existing();
      if (!existing.isEmpty() && !session.confirm(question(existing, restore.manifest()))) {
        return ExitCode.FAILED;
      }
      Report done = restore.run(session.executor(), target, !existing.isEmpty());
      return session.finish(prepared.plus(done));
    }
  }

  private static Node named(Session session, String name) throws UsageException {
    return session
        .topology()
        .node(session.machine(name).name())
        .orElseThrow(
            () -> new UsageException(name + " is the proxy", "name one of the MySQL nodes"));
  }

  private static String question(List<String> existing, Manifest manifest) {
    return "replace all data (%s) by the backup that was taken of %s in %s at %s (%s)?"
        .formatted(
            String.join("; ", existing),
            manifest.node(),
            manifest.cluster(),
            manifest.ended(),
            manifest.schemas().isEmpty() ? "no databases" : String.join(", ", manifest.schemas()));
  }
}
