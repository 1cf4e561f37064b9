package dev.clusterctl.operation.backup;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.DumpOptions;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.dialect.XtraBackup;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Copies a node's data to a folder on this machine, while the node goes on working. It comes
 * through SSH, compressed, and is never in memory as a whole.
 */
public final class Backup {
  /** A large server over a slow line. */
  private static final Duration LIMIT = Duration.ofHours(24);

  // Two at a time would use the same scratch directory; the lock ends with the shell.
  private static final String ALONE =
      """
      set -euo pipefail
      mkdir -p /run/clusterctl
      exec 9>/run/clusterctl/backup.lock
      flock -n 9 || { echo 'another backup is being made of this node' >&2; exit 1; }
      trap 'exit 143' TERM
      """;

  // AppArmor, where it guards mysqld, lets it write to mysql-files, which is the server's own.
  private static final String SCRATCH =
      """
      base=/var/lib/mysql-files
      [ -d "$base" ] || base=/var/lib/clusterctl
      scratch=$base/clusterctl-backup
      rm -rf -- "$scratch"
      trap 'rm -rf -- "$scratch"' EXIT
      mkdir -p -- "$scratch"
      chown mysql:mysql "$scratch"
      chmod 0700 "$scratch"
      """;

  private static final String CLONE =
      """
      need=$(du -s --block-size=1 %s | cut -f 1)
      free=$(df --output=avail --block-size=1 "$base" | tail -n 1)
      if [ "$free" -lt "$need" ]; then
        echo "the copy needs $((need >> 20)) MB under $base, and $((free >> 20)) MB are free" >&2
        exit 1
      fi
      mysql --no-defaults --protocol=socket --user=root -e "CLONE LOCAL DATA DIRECTORY = '$scratch/data'"
      tar -C "$scratch/data" -cf - . | gzip -1
      """;

  private static final String XTRABACKUP_SCRATCH = "/var/lib/clusterctl/backup";

  private final Cluster cluster;
  private final Clock clock;
  private final Consumer<String> progress;

  /**
   * @param progress told how far it is, in words, a few times a second at most
   */
  public Backup(Cluster cluster, Clock clock, Consumer<String> progress) {
    this.cluster = cluster;
    this.clock = clock;
    this.progress = new Calm(progress);
  }

  /**
   * Makes a backup.
   *
   * @param directory mustn't exist yet, or be empty
   * @param asked empty: the best that the node can
   * @throws BackupException if the node can't be copied that way
   */
  public Manifest run(Node node, Path directory, Optional<BackupMethod> asked) throws IOException {
    Instant begun = clock.instant();
    ServerVersion version;
    GtidSet before;
    List<String> schemas;
    try (Session session = cluster.admin(node)) {
      version = version(session);
      before = executed(session);
      schemas = schemas(session);
    }
    BackupMethod method = asked.isPresent() ? asked.get() : best(node, version);
    String script = script(node, method, version, schemas);
    BackupFolder folder = BackupFolder.begin(directory);
    boolean whole = false;
    try {
      Manifest.File file = copy(node, method, script, folder);
      GtidSet atLeast = before;
      GtidSet atMost;
      if (method == BackupMethod.MYSQLDUMP) {
        atLeast = DumpHeader.gtids(folder.file(method.file()));
        atMost = atLeast;
      } else {
        try (Session session = cluster.admin(node)) {
          atMost = executed(session);
        }
      }
      Manifest manifest =
          new Manifest(
              cluster.topology().name(),
              node.name().value(),
              method,
              version,
              atLeast,
              atMost,
              schemas,
              begun,
              clock.instant(),
              List.of(file));
      folder.finish(manifest);
      whole = true;
      return manifest;
    } finally {
      if (!whole) {
        folder.abandon();
      }
    }
  }

  private Manifest.File copy(Node node, BackupMethod method, String script, BackupFolder folder)
      throws IOException {
    Remote remote = cluster.remote(node.name());
    String title = "copy the data by " + method.label();
    BackupFolder.Writing out =
        folder.write(
            method.file(), size -> progress.accept("%s: %d MB".formatted(node.name(), size >> 20)));
    Result result =
        remote.stream(
            Command.shell(title, script).withTimeout(LIMIT), InputStream.nullInputStream(), out);
    if (!result.ok()) {
      throw RemoteException.commandFailed(remote.machine(), Command.shell(title, ""), result);
    }
    return out.written();
  }

  private BackupMethod best(Node node, ServerVersion version) throws IOException {
    if (Dialect.of(version).has(Feature.CLONE)) {
      return BackupMethod.CLONE;
    }
    return xtraBackup(node).filter(x -> x.refusal(version).isEmpty()).isPresent()
        ? BackupMethod.XTRABACKUP
        : BackupMethod.MYSQLDUMP;
  }

  private String script(Node node, BackupMethod method, ServerVersion version, List<String> schemas)
      throws IOException {
    Installation installation = cluster.installation(node.name());
    return ALONE
        + switch (method) {
          case CLONE -> {
            if (!Dialect.of(version).has(Feature.CLONE)) {
              throw impossible(node, method, "MySQL %s has no clone plugin".formatted(version));
            }
            yield SCRATCH + CLONE.formatted(Command.quote(installation.dataDirectory()));
          }
          case XTRABACKUP -> {
            Optional<XtraBackup> program = xtraBackup(node);
            Optional<String> refusal =
                program.isEmpty()
                    ? Optional.of("xtrabackup isn't installed there")
                    : program.get().refusal(version);
            if (refusal.isPresent()) {
              throw impossible(node, method, refusal.get());
            }
            yield "rm -rf %1$s; mkdir -p -m 0700 %1$s\n".formatted(XTRABACKUP_SCRATCH)
                + words(XtraBackup.backup(installation.optionFile(), XTRABACKUP_SCRATCH))
                + " | gzip -1\n";
          }
          case MYSQLDUMP -> {
            if (schemas.isEmpty()) {
              throw impossible(node, method, "there is no database to dump");
            }
            yield "mysqldump --no-defaults --protocol=socket --user=root "
                + words(DumpOptions.of(version))
                + " --databases "
                + words(schemas)
                + " | gzip -1\n";
          }
        };
  }

  private static String words(List<String> words) {
    return words.stream().map(Command::quote).collect(Collectors.joining(" "));
  }

  private static BackupException impossible(Node node, BackupMethod method, String why) {
    return new BackupException(
        "%s can't be backed up by %s: %s".formatted(node.name(), method.label(), why),
        List.of(),
        "--method auto takes what there is");
  }

  private Optional<XtraBackup> xtraBackup(Node node) throws IOException {
    Result said =
        cluster
            .remote(node.name())
            .run(Command.shell("look for XtraBackup", "xtrabackup --version 2>&1 || true"));
    return XtraBackup.parse(said.out());
  }

  static ServerVersion version(Session session) throws IOException {
    String said = session.value("SELECT @@version").orElse("");
    return ServerVersion.parse(said.replaceFirst("[^0-9.].*", ""))
        .orElseThrow(() -> new IOException("'%s' is not a version".formatted(said)));
  }

  static GtidSet executed(Session session) throws IOException {
    return GtidSet.parse(session.value("SELECT @@GLOBAL.gtid_executed").orElse(""));
  }

  static List<String> schemas(Session session) throws IOException {
    return session
        .query(
            "SELECT SCHEMA_NAME AS s FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN"
                + " ('mysql', 'sys', 'information_schema', 'performance_schema') ORDER BY"
                + " SCHEMA_NAME")
        .stream()
        .map(row -> row.text("s"))
        .toList();
  }
}
