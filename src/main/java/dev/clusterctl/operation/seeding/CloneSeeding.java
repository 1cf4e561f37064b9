package dev.clusterctl.operation.seeding;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.remote.Command;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The clone plugin, from MySQL 8.0.17 on: the recipient fetches the donor's files page by page,
 * ends, and systemd starts it again with them. A server gives itself to one recipient at a time:
 * where several are seeded at once, the replicas that are complete already serve as donors too, and
 * whoever finds none free waits.
 */
final class CloneSeeding implements Seeding {
  private static final Duration RESTART = Duration.ofMinutes(10);
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final Duration FREE_DONOR = Duration.ofHours(24);

  /** The donor says no; the reason, with its own number, is in the message. */
  private static final int DONOR_REFUSED = 3862;

  /** "Too many concurrent clone operations. Maximum allowed - 1." */
  private static final String BUSY = "3634";

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
      session.run(
          "SET GLOBAL clone_valid_donor_list = "
              + Quoting.literal(
                  cluster.topology().nodes().stream()
                      .map(node -> node.address() + ":" + MySqlServer.PORT)
                      .collect(Collectors.joining(","))));
      // Cloning writes; read_only stays on, so nobody but clusterctl can.
      session.run("SET GLOBAL super_read_only = OFF");
      Waiting.until(
          "a node is free to be cloned to " + recipient.name(),
          FREE_DONOR,
          LOOK,
          () -> {
            for (Node candidate : donors(donor, recipient)) {
              if (clone(session, candidate)) {
                return Look.found(candidate);
              }
            }
            progress.accept("waiting for a donor: one that is cloned can't be cloned twice");
            return Look.notYet("every donor is being cloned");
          });
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

  /** The donor, and the replicas that have as much to give. */
  private List<Node> donors(Node donor, Node recipient) throws IOException {
    List<Node> donors = new ArrayList<>(List.of(donor));
    SourceDriver driver = new SourceDriver(cluster);
    GtidSet purged = driver.observe(donor).purged();
    for (Node node : cluster.topology().nodes()) {
      if (!node.equals(donor) && !node.equals(recipient) && isComplete(driver, node, purged)) {
        donors.add(node);
      }
    }
    return donors;
  }

  private boolean isComplete(SourceDriver driver, Node node, GtidSet purged) {
    try {
      ReplicaObservation now = driver.observe(node);
      return now.channel().filter(ReplicationChannel::running).isPresent()
          && now.executed().contains(purged)
          && !new SeedingMark(cluster, node).isThere();
    } catch (IOException e) {
      // It can't be asked now, perhaps as it is being seeded: then it is no donor.
      return false;
    }
  }

  /**
   * @return whether it was cloned: not where the donor is busy
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
      if (e.code() == DONOR_REFUSED && String.valueOf(e.getMessage()).contains(BUSY)) {
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
