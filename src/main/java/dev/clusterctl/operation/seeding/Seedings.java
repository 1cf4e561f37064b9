package dev.clusterctl.operation.seeding;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.dialect.XtraBackup;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Replication;
import java.io.IOException;
import java.util.Optional;

/** Which way of seeding is used between two nodes. */
public final class Seedings {
  private final Cluster cluster;
  private final Node donor;
  private final Node recipient;

  private Seedings(Cluster cluster, Node donor, Node recipient) {
    this.cluster = cluster;
    this.donor = donor;
    this.recipient = recipient;
  }

  /** As the topology asks for it; see {@link #of(Cluster, Replication.Seeding, Node, Node)}. */
  public static Seeding of(Cluster cluster, Node donor, Node recipient) throws IOException {
    return of(
        cluster,
        cluster.topology().replication().sourceReplica().orElseThrow().seeding(),
        donor,
        recipient);
  }

  /**
   * The way that was asked for. {@code auto} is the best that both sides can: clone, else
   * XtraBackup where it is on both machines, else mysqldump, which every version can.
   *
   * @throws MySqlException if the two can't do what was asked for: says why
   */
  public static Seeding of(Cluster cluster, Replication.Seeding asked, Node donor, Node recipient)
      throws IOException {
    return new MarkedSeeding(cluster, new Seedings(cluster, donor, recipient).choose(asked));
  }

  private Seeding choose(Replication.Seeding asked) throws IOException {
    return switch (asked) {
      case CLONE -> {
        refuse("clone", noClone());
        yield new CloneSeeding(cluster);
      }
      case XTRABACKUP -> {
        refuse("xtrabackup", noXtraBackup());
        yield new XtraBackupSeeding(cluster);
      }
      case MYSQLDUMP -> new DumpSeeding(cluster);
      case AUTO -> {
        if (noClone().isEmpty()) {
          yield new CloneSeeding(cluster);
        }
        yield noXtraBackup().isEmpty() ? new XtraBackupSeeding(cluster) : new DumpSeeding(cluster);
      }
    };
  }

  private void refuse(String method, Optional<String> reason) throws MySqlException {
    if (reason.isPresent()) {
      throw new MySqlException(
          "%s can't be given the data of %s by %s: %s"
              .formatted(recipient.name(), donor.name(), method, reason.get()),
          0,
          "with replication.seeding: auto (or --method auto) clusterctl chooses what both can",
          null);
    }
  }

  /** Why not; empty where it can be. */
  private Optional<String> noClone() throws IOException {
    ServerVersion from = version(donor);
    ServerVersion to = version(recipient);
    return Dialect.of(to).canCloneFrom(from)
        ? Optional.empty()
        : Optional.of("MySQL %s can't clone %s".formatted(to, from));
  }

  private Optional<String> noXtraBackup() throws IOException {
    ServerVersion server = version(donor);
    for (Node node : new Node[] {donor, recipient}) {
      Optional<XtraBackup> program = xtraBackup(node);
      Optional<String> reason =
          program.isEmpty()
              ? Optional.of("there is no xtrabackup and xbstream on " + node.name())
              : program.get().refusal(server).map(why -> node.name() + ": " + why);
      if (reason.isPresent()) {
        return reason;
      }
    }
    ServerVersion to = version(recipient);
    return server.sameSeries(to)
        ? Optional.empty()
        : Optional.of("a copy of MySQL %s isn't for MySQL %s".formatted(server, to));
  }

  private Optional<XtraBackup> xtraBackup(Node node) throws IOException {
    return XtraBackup.parse(
        cluster
            .remote(node.name())
            .check(
                Command.shell(
                    "look for XtraBackup",
                    "if command -v xbstream >/dev/null; then xtrabackup --version 2>&1 || true; fi")));
  }

  private ServerVersion version(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      String said = session.value("SELECT @@version").orElse("");
      return ServerVersion.parse(said)
          .orElseThrow(
              () ->
                  new MySqlException(
                      "%s: not a version of MySQL: %s".formatted(node.name(), said), 0, "", null));
    }
  }
}
