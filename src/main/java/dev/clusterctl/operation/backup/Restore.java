package dev.clusterctl.operation.backup;

import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.operation.Up;
import dev.clusterctl.operation.steps.UpPlan;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Report;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes a cluster of a backup, in four parts, so that a person can be asked between them:
 *
 * <ol>
 *   <li>{@link #check}: every byte of the backup is what it was, and the servers can use it.
 *   <li>{@link #prepare}: machines and servers are there. Touches no data.
 *   <li>{@link #existing}: what data there is that would be replaced.
 *   <li>{@link #run}: gives that data up on all nodes, loads the backup on one, and has `up` do the
 *       rest: the loaded node is the source, or begins the group, and the others are seeded from
 *       it.
 * </ol>
 */
public final class Restore {
  /** How long a server may take to stop. */
  static final Duration STOP = Duration.ofMinutes(10);

  private final Cluster cluster;
  private final Path directory;
  private final Manifest manifest;

  private Restore(Cluster cluster, Path directory, Manifest manifest) {
    this.cluster = cluster;
    this.directory = directory;
    this.manifest = manifest;
  }

  /**
   * Reads a whole backup.
   *
   * @param progress told how far it is
   * @throws BackupException if it is damaged, or nothing for this cluster's servers
   */
  public static Restore check(Cluster cluster, Path directory, Consumer<String> progress)
      throws IOException {
    Consumer<String> calm = new Calm(progress);
    Manifest manifest =
        BackupFolder.check(
            directory, n -> calm.accept("checking the backup: %d MB".formatted(n >> 20)));
    return new Restore(cluster, directory, manifest);
  }

  public Manifest manifest() {
    return manifest;
  }

  /** Makes sure that there are machines with running servers. */
  public Report prepare(Executor executor) throws IOException {
    return executor.run(UpPlan.servers(cluster), Executor.Mode.APPLY);
  }

  /**
   * What would be replaced, a line for each node that has data.
   *
   * @throws BackupException if a server can't use the backup
   */
  public List<String> existing() throws IOException {
    List<String> found = new ArrayList<>();
    for (Node node : cluster.topology().nodes()) {
      try (Session session = cluster.admin(node)) {
        Optional<String> refusal =
            manifest.method().refusal(manifest.version(), Backup.version(session));
        if (refusal.isPresent()) {
          throw new BackupException(
              "%s can't be made of this backup: %s".formatted(node.name(), refusal.get()),
              List.of(),
              "set mysql.version in cluster.yaml accordingly; a backup by mysqldump can be loaded by"
                  + " newer servers, too");
        }
        List<String> schemas = Backup.schemas(session);
        if (!schemas.isEmpty() || !Backup.executed(session).isEmpty()) {
          found.add(
              node.name()
                  + ": "
                  + (schemas.isEmpty() ? "no databases" : String.join(", ", schemas)));
        }
      }
    }
    return found;
  }

  /**
   * The source-to-be where nobody names one: the one that cluster.yaml calls so. In a group, where
   * every node gets the backup, the first.
   */
  public Node target() {
    return cluster
        .topology()
        .replication()
        .sourceReplica()
        .flatMap(s -> cluster.topology().node(s.source()))
        .orElseGet(() -> cluster.topology().nodes().get(0));
  }

  /**
   * Replaces all data of the cluster.
   *
   * @param target the source-to-be; means nothing in a group
   * @param hasData whether there is data to give up
   */
  public Report run(Executor executor, Node target, boolean hasData) throws IOException {
    Report report = Report.empty();
    if (hasData) {
      List<Step> emptied = new ArrayList<>();
      cluster.topology().nodes().forEach(node -> emptied.add(new EmptiedStep(cluster, node)));
      report = report.plus(executor.run(Plan.of(emptied, s -> "giving up"), Executor.Mode.APPLY));
      if (!report.succeeded()) {
        return report;
      }
      report = report.plus(prepare(executor));
    }
    List<Step> loaded = new ArrayList<>();
    targets(target).forEach(n -> loaded.add(new LoadedStep(cluster, n, directory, manifest)));
    if (report.succeeded()) {
      report = report.plus(executor.run(Plan.of(loaded, s -> "loading"), Executor.Mode.APPLY));
    }
    if (!report.succeeded()) {
      return report;
    }
    // Its accounts are the backup's: `up` gives clusterctl's the passwords of today.
    report = report.plus(prepare(executor));
    if (report.succeeded() && !cluster.topology().replication().hasGroup()) {
      new SourceDriver(cluster).makeSource(target);
    }
    return report.succeeded()
        ? report.plus(new Up(cluster).run(executor, Executor.Mode.APPLY, false))
        : report;
  }

  /**
   * In a group every node: each then begins with the same transactions. A member that begins empty
   * would have to be cloned by the group itself, which clones one at a time (seen on 9.7.4: the
   * next one tries without, fails with error 1236 and ends in state ERROR), and leaves a member
   * that has no start_on_boot yet outside the group after the restart with which cloning ends.
   */
  private List<Node> targets(Node target) {
    return cluster.topology().replication().hasGroup()
        ? cluster.topology().nodes()
        : List.of(target);
  }
}
