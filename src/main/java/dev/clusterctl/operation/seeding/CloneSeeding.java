package dev.clusterctl.operation.seeding;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The clone plugin, from MySQL 8.0.17 on: the recipient fetches the donor's files page by page,
 * ends, and systemd starts it again with them.
 */
final class CloneSeeding implements Seeding {
  private static final Duration RESTART = Duration.ofMinutes(10);
  private static final Duration LOOK = Duration.ofMillis(500);

  /** "Restart server failed (mysqld is not managed by supervisor process)". */
  private static final int NO_SUPERVISOR = 3707;

  /** "Clone Donor Error: …", with the donor's own error in the message. */
  private static final int DONOR_SAYS = 3862;

  /** "Too many concurrent clone operations. Maximum allowed - 1." */
  private static final String DONOR_BUSY = "3634";

  private static final Duration TURN = Duration.ofHours(12);

  private final Cluster cluster;

  CloneSeeding(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public String label() {
    return "clone";
  }

  @Override
  public void seed(Node donor, Node recipient, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    String before = process(recipient);
    try (Session session = cluster.admin(recipient, Duration.ZERO);
        CloneProgress ignored = new CloneProgress(cluster, recipient, progress)) {
      if (cluster.replication(session).channel().isPresent()) {
        cluster.replication(session).forget();
      }
      String address = donor.address() + ":" + MySqlServer.PORT;
      session.run("SET GLOBAL clone_valid_donor_list = " + Quoting.literal(address));
      // Cloning writes; read_only stays on, so nobody but clusterctl can.
      session.run("SET GLOBAL super_read_only = OFF");
      // A donor is copied to one recipient at a time; the others' turn comes.
      Waiting.until(
          "%s can be copied to %s".formatted(donor.name(), recipient.name()),
          TURN,
          LOOK,
          () -> clone(session, donor) ? Look.found(true) : Look.notYet("it is being copied"));
    }
    progress.accept("restarting with the copy");
    Waiting.until(
        recipient.name() + " runs with the copied data",
        RESTART,
        LOOK,
        () -> {
          try (Session session = cluster.admin(recipient)) {
            return process(recipient).equals(before)
                ? Look.notYet("still the server from before")
                : Look.found(session.value("SELECT 1"));
          } catch (MySqlException e) {
            if (!e.unreachable()) {
              throw e;
            }
            return Look.notYet("no answer");
          }
        });
    try (Session session = cluster.admin(recipient)) {
      requireCloned(recipient, session);
      // The donor's channel came along, where it had one.
      if (cluster.replication(session).channel().isPresent()) {
        cluster.replication(session).forget();
      }
      cluster.replication(session).refuseWrites();
    }
  }

  /**
   * @return false where the donor is being copied to somebody else
   */
  private boolean clone(Session session, Node donor) throws IOException {
    try {
      session.run(
          "cloning " + donor.name(),
          "CLONE INSTANCE FROM %s:%d IDENTIFIED BY %s REQUIRE SSL"
              .formatted(
                  Quoting.account(cluster.recovery().user(), donor.address().value()),
                  MySqlServer.PORT,
                  Quoting.password(cluster.recovery().password())));
    } catch (MySqlException e) {
      if (e.code() == DONOR_SAYS && String.valueOf(e.getMessage()).contains(DONOR_BUSY)) {
        return false;
      }
      // It ends with the end of the server, and so of the session.
      if (!e.unreachable() && e.code() != NO_SUPERVISOR) {
        throw e;
      }
    }
    return true;
  }

  private static void requireCloned(Node recipient, Session session) throws MySqlException {
    Optional<String> state =
        session.value(
            "SELECT CONCAT(STATE, ' ', ERROR_MESSAGE) FROM performance_schema.clone_status");
    if (!state.orElse("").startsWith("Completed")) {
      throw new MySqlException(
          "%s: cloning ended with: %s".formatted(recipient.name(), state.orElse("no word")),
          0,
          "clusterctl logs %s shows the server's reason".formatted(recipient.name()),
          null);
    }
  }

  /** Each start of a server is another process. */
  private String process(Node node) throws IOException {
    return cluster
        .remote(node.name())
        .check(
            Command.words(
                "look for the server's process",
                "systemctl",
                "show",
                "-p",
                "MainPID",
                cluster.installation(node.name()).service()))
        .strip();
  }
}
