package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.backup.Backup;
import dev.clusterctl.operation.backup.BackupMethod;
import dev.clusterctl.operation.backup.Manifest;
import dev.clusterctl.step.Event;
import dev.clusterctl.topology.Node;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = {
      "Copy all data of a node to a folder on this machine, while the node goes on working.",
      "The folder has a manifest with the transactions that the copy has, the server's version, and"
          + " the size and SHA-256 of each file; `clusterctl restore` checks them."
    })
final class BackupCommand extends ClusterCommand {
  /** How the node is copied. */
  enum Method {
    AUTO,
    CLONE,
    XTRABACKUP,
    MYSQLDUMP
  }

  @Parameters(index = "0", paramLabel = "NODE", description = "The node that is copied.")
  private String node = "";

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The folder, which mustn't exist yet. For its owner only.")
  private Path directory = Path.of("");

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "clone (MySQL 8.0.17 and later), xtrabackup (where it is installed), mysqldump, or auto:"
              + " the first of these that the node can (default: auto).")
  private Method method = Method.AUTO;

  BackupCommand() {
    super(Access.READS);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    Node source =
        session
            .topology()
            .node(session.machine(node).name())
            .orElseThrow(
                () -> new UsageException(node + " is the proxy", "name one of the MySQL nodes"));
    Optional<BackupMethod> asked =
        BackupMethod.named(method.name().toLowerCase(java.util.Locale.ROOT));
    try (Cluster cluster = session.cluster()) {
      Manifest manifest =
          new Backup(cluster, Clock.systemUTC(), text -> session.say(Event.Level.INFO, text))
              .run(source, directory, asked);
      Map<String, Object> json = new LinkedHashMap<>(manifest.data());
      json.put("directory", directory.toAbsolutePath().normalize().toString());
      session.output().result("backup", json, () -> lines(manifest));
      return ExitCode.OK;
    }
  }

  private List<String> lines(Manifest manifest) {
    return List.of(
        "%s: the data of %s by %s, %.1f MB"
            .formatted(
                directory, manifest.node(), manifest.method().label(), manifest.size() / 1e6),
        "databases: "
            + (manifest.schemas().isEmpty() ? "none" : String.join(", ", manifest.schemas())),
        "transactions: " + manifest.atLeast());
  }
}
