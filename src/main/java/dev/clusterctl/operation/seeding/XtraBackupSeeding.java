package dev.clusterctl.operation.seeding;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.XtraBackup;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Percona XtraBackup: a copy of the donor's files, while it goes on writing. The copy is streamed
 * from machine to machine through clusterctl's own two SSH connections: the machines need no keys
 * or open ports for each other, and no disk holds the backup beside its data. It is unpacked in a
 * directory within the recipient's data directory (which may be a file system of its own), checked,
 * prepared, and only then takes the old files' place; where there isn't room for both, the old
 * files go first. Each server keeps its own {@code server_uuid}, persisted variables and
 * certificates.
 */
final class XtraBackupSeeding implements Seeding {
  private static final Duration COPY = Duration.ofHours(24);
  private static final Duration START = Duration.ofMinutes(10);
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Cluster cluster;

  XtraBackupSeeding(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public String label() {
    return "xtrabackup";
  }

  @Override
  public void seed(Node donor, Node recipient, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    Installation installation = cluster.installation(recipient.name());
    Remote remote = cluster.remote(recipient.name());
    long size = dataSize(donor);
    String fresh = installation.dataDirectory() + "/.clusterctl-seed";
    RemotePipe.Sums sums =
        new RemotePipe(cluster.remote(donor.name()), remote)
            .run(backup(donor, recipient), receive(installation, fresh, size), size, progress);
    sums.requireEqual();
    requireSuccess(donor, "the backup", sums.donorSaid());
    progress.accept("preparing the copy");
    requireSuccess(
        recipient,
        "preparing the copy",
        remote.run(
            Command.shell("prepare the copy", words(XtraBackup.prepare(fresh)) + " 2>&1")
                .withTimeout(COPY)));
    progress.accept("starting with the copy");
    String position = remote.check(replace(installation, fresh));
    awaitServer(recipient);
    try (Session session = cluster.admin(recipient)) {
      cluster.replication(session).forget();
      session.run("SET GLOBAL super_read_only = OFF");
      session.run(Dialect.of(cluster.topology().mysql().version()).resetBinaryLogs());
      session.run(
          "SET GLOBAL gtid_purged = "
              + Quoting.literal(GtidSet.parse(XtraBackup.gtids(position)).toString()));
      cluster.replication(session).refuseWrites();
    }
  }

  private long dataSize(Node donor) throws IOException {
    String data = cluster.installation(donor.name()).dataDirectory();
    return Long.parseLong(
        cluster
            .remote(donor.name())
            .check(
                Command.shell(
                    "measure the data", "du -sb -- %s | cut -f1".formatted(Command.quote(data))))
            .strip());
  }

  /** Standard output is the copy; the last line on standard error is its checksum. */
  private Command backup(Node donor, Node recipient) throws IOException {
    String optionFile = cluster.installation(donor.name()).optionFile();
    // One for each: several replicas may be seeded at once.
    String scratch = "/var/tmp/clusterctl-xtrabackup-for-" + recipient.name();
    return Command.shell(
            "back up by xtrabackup",
            """
            set -euo pipefail
            scratch=%s
            rm -rf -- "$scratch"
            mkdir -m 0700 "$scratch"
            trap 'rm -rf -- "$scratch"' EXIT
            { %s </dev/null | tee /dev/fd/4 | sha256sum >"$scratch/sum"; } 4>&1
            echo "%s$(cut -c1-64 "$scratch/sum")" >&2
            """
                .formatted(
                    scratch,
                    words(XtraBackup.backup(optionFile, scratch + "/copy")),
                    RemotePipe.SUM))
        .withTimeout(COPY);
  }

  /** Standard input is the copy; standard output is its checksum. */
  private static Command receive(Installation installation, String fresh, long size) {
    return Command.shell(
            "receive the copy",
            """
            set -euo pipefail
            data=%1$s fresh=%2$s
            systemctl stop %3$s
            rm -rf -- "$fresh"
            if [ "$(df --output=avail -B1 -- "$data" | tail -n 1)" -lt %4$d ]; then
              # Killed from here on, what is there is no data directory.
              touch %5$s
              find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name auto.cnf ! -name mysqld-auto.cnf ! -name '*.pem' -exec rm -rf -- {} +
            fi
            install -d -m 0750 -o mysql -g mysql "$fresh"
            sum=$(mktemp)
            trap 'rm -f -- "$sum"' EXIT
            { tee /dev/fd/4 | sha256sum >"$sum"; } 4>&1 | %6$s
            cut -c1-64 "$sum"
            """
                .formatted(
                    Command.quote(installation.dataDirectory()),
                    Command.quote(fresh),
                    Command.quote(installation.service()),
                    // What preparing adds to it is little.
                    size + size / 10,
                    Installation.UNFINISHED,
                    words(XtraBackup.extract(fresh))))
        .withTimeout(COPY);
  }

  /** Prints the position file. */
  private static Command replace(Installation installation, String fresh) {
    return Command.shell(
            "put the copy in place",
            """
            set -euo pipefail
            data=%1$s fresh=%2$s
            cat "$fresh"/%3$s
            find "$data" -mindepth 1 -maxdepth 1 \\( -name auto.cnf -o -name mysqld-auto.cnf -o -name '*.pem' \\) -exec cp -p -t "$fresh" -- {} +
            rm -f -- "$fresh"/xtrabackup_* "$fresh"/backup-my.cnf
            chown -R mysql:mysql "$fresh"
            sync -f "$fresh" 2>/dev/null || sync
            # Killed from here on, what is there is no data directory.
            touch %4$s
            find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name "${fresh##*/}" -exec rm -rf -- {} +
            find "$fresh" -mindepth 1 -maxdepth 1 -exec mv -t "$data" -- {} +
            rmdir "$fresh"
            sync -f "$data" 2>/dev/null || sync
            rm -f %4$s
            systemctl start %5$s
            """
                .formatted(
                    Command.quote(installation.dataDirectory()),
                    Command.quote(fresh),
                    XtraBackup.POSITION_FILE,
                    Installation.UNFINISHED,
                    Command.quote(installation.service())))
        .withTimeout(START);
  }

  private void awaitServer(Node node)
      throws IOException, InterruptedException, WaitTimeoutException {
    Waiting.until(
        node.name() + " runs with the copied data",
        START,
        LOOK,
        () -> {
          try (Session session = cluster.admin(node)) {
            return Look.found(session.value("SELECT 1"));
          } catch (MySqlException e) {
            if (!e.unreachable()) {
              throw e;
            }
            return Look.notYet("no answer");
          }
        });
  }

  private static void requireSuccess(Node node, String what, Result result) throws RemoteException {
    if (result.status() != 0 || !(result.out() + result.err()).contains(XtraBackup.SUCCESS)) {
      throw new RemoteException(
          RemoteException.Kind.COMMAND,
          "%s: %s by xtrabackup went wrong (exit status %d)"
              .formatted(node.name(), what, result.status()),
          result.lastLines(8),
          "run the same again once the reason is gone; --method mysqldump needs no xtrabackup",
          null);
    }
  }

  private static String words(List<String> words) {
    return words.stream().map(Command::quote).collect(Collectors.joining(" "));
  }
}
