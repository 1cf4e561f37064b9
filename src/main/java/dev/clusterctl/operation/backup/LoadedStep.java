package dev.clusterctl.operation.backup;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.XtraBackup;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A node has the data of a backup. While it is being loaded the data directory is marked as
 * unfinished, so that half of a backup is never taken for the whole: after a kill, `up` and
 * `restore` begin with an empty one.
 */
final class LoadedStep implements Step {
  private static final Duration LIMIT = Duration.ofHours(24);
  private static final Duration SETTLE = Duration.ofMinutes(30);
  private static final long MEGABYTE = 1_000_000;

  // A server that follows nobody yet must not begin to follow whom the copied one followed: so the
  // copy is first started where nobody reaches it, and it reaches nobody.
  private static final String SETTLE_FILES =
      """
      set -euo pipefail
      data=%1$s socket=/run/mysqld/clusterctl-restore.sock pid=/run/mysqld/clusterctl-restore.pid
      chown -R mysql:mysql "$data"
      chmod 0750 "$data"
      rm -f -- "$data/auto.cnf"
      mkdir -p /run/mysqld
      chown mysql:mysql /run/mysqld
      if ! %2$s --defaults-file=%3$s --user=mysql --daemonize --skip-networking --skip-slave-start \\
          --super-read-only=OFF --read-only=OFF --loose-group-replication-start-on-boot=OFF \\
          --socket="$socket" --pid-file="$pid"; then
        tail -n 12 %4$s >&2
        exit 1
      fi
      mysql --no-defaults --protocol=socket --socket="$socket" --user=root
      mysqladmin --no-defaults --protocol=socket --socket="$socket" --user=root shutdown
      for i in $(seq 600); do [ -e "$pid" ] || break; sleep 0.1; done
      """;

  private final Cluster cluster;
  private final Node node;
  private final Path directory;
  private final Manifest manifest;

  LoadedStep(Cluster cluster, Node node, Path directory, Manifest manifest) {
    this.cluster = cluster;
    this.node = node;
    this.directory = directory;
    this.manifest = manifest;
  }

  @Override
  public String id() {
    return node.name() + "/loaded";
  }

  @Override
  public String title() {
    return "backup loaded";
  }

  @Override
  public String subject() {
    return node.name().value();
  }

  @Override
  public Set<String> needs() {
    return Set.of();
  }

  @Override
  public boolean verifiesItself() {
    return true;
  }

  @Override
  public Check check() {
    return Check.differs(
        "load the backup of %s by %s".formatted(manifest.node(), manifest.method().label()));
  }

  @Override
  public void apply(Progress progress) throws IOException {
    Consumer<String> calm = new Calm(progress::report);
    Installation installation = cluster.installation(node.name());
    progress.report("copying");
    switch (manifest.method()) {
      case CLONE -> {
        files(
            installation,
            words(List.of("tar", "-xf", "-", "-C", installation.dataDirectory())),
            calm);
        settle(installation, forget());
      }
      case XTRABACKUP -> {
        files(installation, words(XtraBackup.extract(installation.dataDirectory())), calm);
        progress.report("preparing");
        settle(installation, prepared(installation) + forget());
      }
      case MYSQLDUMP -> statements(installation, calm);
    }
    progress.report("checking");
    verify();
    remote()
        .check(Command.words("note that the data is whole", "rm", "-f", Installation.UNFINISHED));
  }

  private void files(Installation installation, String unpack, Consumer<String> progress)
      throws IOException {
    String data = Command.quote(installation.dataDirectory());
    pour(
        """
        set -euo pipefail
        mkdir -p -- "$(dirname %1$s)"
        touch -- %1$s
        systemctl stop %2$s
        find %3$s -mindepth 1 -maxdepth 1 ! -name lost+found -exec rm -rf -- {} +
        gzip -dc | %4$s
        """
            .formatted(
                Installation.UNFINISHED, Command.quote(installation.service()), data, unpack),
        progress);
  }

  /** Makes the copied files those of a server that follows nobody, and starts it. */
  private void settle(Installation installation, String sql) throws IOException {
    remote()
        .check(
            Command.shell(
                    "start the copied server",
                    SETTLE_FILES.formatted(
                            Command.quote(installation.dataDirectory()),
                            Command.quote(installation.binary()),
                            Command.quote(installation.optionFile()),
                            Command.quote(installation.errorLog()))
                        + "systemctl start "
                        + Command.quote(installation.service()))
                .withStdin(sql)
                .withTimeout(SETTLE));
  }

  private String forget() {
    return Dialect.of(cluster.topology().mysql().version()).resetReplicaAll()
        + " FOR CHANNEL '';\n";
  }

  /** Applies what XtraBackup logged; the statement that tells the server which GTIDs it has. */
  private String prepared(Installation installation) throws IOException {
    String position =
        remote()
            .check(
                Command.shell(
                        "prepare the copy",
                        """
                        set -euo pipefail
                        %1$s >&2
                        cat %2$s/%3$s
                        rm -f -- %2$s/xtrabackup_* %2$s/backup-my.cnf
                        """
                            .formatted(
                                words(XtraBackup.prepare(installation.dataDirectory())),
                                Command.quote(installation.dataDirectory()),
                                XtraBackup.POSITION_FILE))
                    .withTimeout(LIMIT));
    Dialect dialect = Dialect.of(cluster.topology().mysql().version());
    return "%s;\nSET GLOBAL gtid_purged = '%s';\n"
        .formatted(dialect.resetBinaryLogs(), GtidSet.parse(XtraBackup.gtids(position)));
  }

  private void statements(Installation installation, Consumer<String> progress) throws IOException {
    // read_only stays on: the machine's root may write, applications may not.
    pour(
        """
        set -euo pipefail
        sql() { mysql --no-defaults --protocol=socket --user=root "$@"; }
        mkdir -p -- "$(dirname %1$s)"
        touch -- %1$s
        systemctl start %2$s
        sql -e 'SET GLOBAL super_read_only = OFF'
        gzip -dc | sql --default-character-set=utf8mb4 --max-allowed-packet=1G
        sql -e 'SET GLOBAL super_read_only = ON'
        """
            .formatted(Installation.UNFINISHED, Command.quote(installation.service())),
        progress);
  }

  private void pour(String script, Consumer<String> progress) throws IOException {
    Manifest.File file = manifest.files().get(0);
    String title = "load the backup";
    try (Counted in =
        new Counted(
            Files.newInputStream(directory.resolve(file.name())),
            n -> progress.accept("%d of %d MB".formatted(n / MEGABYTE, file.size() / MEGABYTE)))) {
      Result result =
          remote().stream(
              Command.shell(title, script).withTimeout(LIMIT), in, OutputStream.nullOutputStream());
      if (!result.ok()) {
        throw RemoteException.commandFailed(node.name().value(), Command.shell(title, ""), result);
      }
      if (in.count() != file.size()) {
        throw new BackupException(
            "%s could be read only up to byte %d".formatted(file.name(), in.count()),
            List.of(),
            "run the same again");
      }
    }
  }

  /**
   * What the server has now is what the manifest says. Asked as the machine's root: clusterctl's
   * own account came with the backup, maybe with another password; `up` sees to that.
   */
  private void verify() throws IOException {
    GtidSet executed = GtidSet.parse(ask("SELECT @@GLOBAL.gtid_executed"));
    GtidSet missing = manifest.atLeast().subtract(executed);
    GtidSet surplus = executed.subtract(manifest.atMost());
    if (!missing.isEmpty() || !surplus.isEmpty()) {
      throw new BackupException(
          "%s has other transactions than the backup".formatted(node.name()),
          List.of("it lacks: " + missing, "it has besides: " + surplus),
          "");
    }
    List<String> lost = new ArrayList<>(manifest.schemas());
    lost.removeAll(ask("SHOW DATABASES").lines().toList());
    if (!lost.isEmpty()) {
      throw new BackupException(
          "%s lacks databases of the backup: %s".formatted(node.name(), String.join(", ", lost)),
          List.of(),
          "");
    }
  }

  private String ask(String sql) throws IOException {
    return remote()
        .check(
            Command.words(
                "ask the server",
                "mysql",
                "--no-defaults",
                "--protocol=socket",
                "--user=root",
                "--raw",
                "--batch",
                "--skip-column-names",
                "--execute=" + sql));
  }

  private Remote remote() {
    return cluster.remote(node.name());
  }

  private static String words(List<String> words) {
    return words.stream().map(Command::quote).collect(Collectors.joining(" "));
  }
}
