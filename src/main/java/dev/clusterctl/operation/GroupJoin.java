package dev.clusterctl.operation;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.mysql.CloneStatus;
import dev.clusterctl.mysql.GroupFormation;
import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.GroupReplication;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.JoinFailure;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.SchemaSize;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * One node's way into a group that exists, from wherever it stands to ONLINE. It looks again and
 * again at what the node's server says, and does what is next; so it doesn't matter whether this or
 * an earlier run began it.
 *
 * <p>A member that lacks what no binary log holds any more is cloned: Group Replication stops, the
 * server restarts with the copied data, and nobody starts Group Replication again unless the server
 * was a member before (start_on_boot). A failed attempt ends in state ERROR, the reason for which
 * is in the server's log only.
 */
final class GroupJoin {
  /** START GROUP_REPLICATION may wait for a view as long as the server's own limit, 60 s. */
  private static final Duration START = Duration.ofSeconds(120);

  /** How long nothing may change; a large transaction is applied without a sign of progress. */
  private static final Duration UNCHANGED = Duration.ofMinutes(20);

  /** Seen on 9.7: 1.5 s after an orderly restart, 8 s after a crash, 25 s where it had to retry. */
  private static final Duration SELF_START = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration ASK = Duration.ofMillis(500);

  /** Two are needed where it is cloned. */
  private static final int MOST_STARTS = 5;

  private final Cluster cluster;
  private final GroupDriver driver;
  private final Node node;
  private final Consumer<String> progress;
  private int starts;
  private String recovery = "catching up";
  private long asked = System.nanoTime();
  private Optional<ServerLog> log = Optional.empty();

  /** A START GROUP_REPLICATION that hasn't ended: it does a second after the node is a member. */
  private Optional<CompletableFuture<Boolean>> starting = Optional.empty();

  GroupJoin(Cluster cluster, GroupDriver driver, Node node, Consumer<String> progress) {
    this.cluster = cluster;
    this.driver = driver;
    this.node = node;
    this.progress = progress;
  }

  /**
   * Gets it in, after those that are on their way already.
   *
   * @throws MySqlException if it can't be let in: says why, in the server's own words where it has
   *     any, and what to do next
   * @throws WaitTimeoutException if nothing changed for 20 min
   */
  void run() throws IOException, InterruptedException, WaitTimeoutException {
    try (JoinQueue.Turn turn = cluster.joins().await(node.name(), progress)) {
      Waiting.whileChanging(node.name() + " is ONLINE in the group", UNCHANGED, LOOK, this::next);
    }
    settle();
  }

  /** Looks at it, and does what is next. */
  private Look<Boolean> next() throws IOException {
    NodeObservation now;
    try {
      now = driver.observe(node);
    } catch (MySqlException e) {
      if (!e.unreachable()) {
        throw e;
      }
      return notYet("its server restarts");
    }
    if (now.state() == GroupMember.State.ONLINE) {
      return Look.found(true);
    }
    if (starting.isPresent()) {
      Look<Boolean> begun = begun(starting.get());
      return now.state() == GroupMember.State.RECOVERING ? notYet(recovery(node)) : begun;
    }
    return switch (now.state()) {
      case ONLINE -> Look.found(true);
      case RECOVERING -> notYet(recovery(node));
      case UNREACHABLE -> notYet("it has lost the others");
      case OFFLINE -> startsByItself() ? notYet("joining by itself") : start(now);
      case ERROR -> retry(now);
    };
  }

  private Look<Boolean> notYet(String seen) {
    progress.accept(seen);
    return Look.notYet(seen);
  }

  /** How far a node is that is catching up; asked now and then, as it takes all nodes' answers. */
  private String recovery(Node of) throws IOException {
    if (System.nanoTime() - asked > ASK.toNanos()) {
      recovery = askRecovery(of);
      asked = System.nanoTime();
    }
    return recovery;
  }

  private String askRecovery(Node of) throws IOException {
    try (Session session = cluster.admin(of)) {
      if (Dialect.of(cluster.topology().mysql().version()).has(Feature.CLONE)) {
        Optional<CloneStatus> clone = CloneStatus.of(session);
        if (clone.isPresent()) {
          return "cloning from %s, %s"
              .formatted(cluster.nameOf(clone.get().donor()), clone.get().progress());
        }
      }
      NodeObservation behind = GroupDriver.observe(of, session, cluster.group(session));
      GtidSet missing =
          driver
              .contact()
              .map(ahead -> ahead.executed().subtract(behind.executed()))
              .orElse(GtidSet.EMPTY);
      return missing.isEmpty()
          ? "catching up"
          : "catching up, %s behind".formatted(missing.counted());
    } catch (MySqlException e) {
      if (!e.unreachable()) {
        throw e;
      }
      return "its server restarts";
    }
  }

  /**
   * A server that has just come up with start_on_boot=ON is on its way in, though it says OFFLINE
   * for a while; who starts it again then only gets in its way.
   */
  private boolean startsByItself() throws IOException {
    try (Session session = cluster.admin(node)) {
      long up =
          session.query("SHOW GLOBAL STATUS LIKE 'Uptime'").stream()
              .mapToLong(row -> row.number("Value"))
              .findFirst()
              .orElse(Long.MAX_VALUE);
      return up <= SELF_START.toSeconds()
          && session
              .value("SELECT @@GLOBAL.group_replication_start_on_boot")
              .orElse("")
              .equals("1");
    } catch (MySqlException e) {
      if (!e.unreachable()) {
        throw e;
      }
      // It restarts just now: the next look tells.
      return true;
    }
  }

  private Look<Boolean> retry(NodeObservation now) throws IOException {
    if (starts > 0) {
      JoinFailure failure = failure();
      if (!passes(failure)) {
        throw refused(failure, Optional.empty());
      }
      progress.accept(
          "attempt %d failed: %s"
              .formatted(starts, failure.lines().stream().findFirst().orElse("state ERROR")));
    }
    return start(now);
  }

  private Look<Boolean> start(NodeObservation now) throws IOException {
    Optional<String> obstacle = obstacle(now);
    if (obstacle.isPresent()) {
      return notYet(obstacle.get());
    }
    try (Session session = cluster.admin(node, START)) {
      GroupReplication group = cluster.group(session);
      group.leave();
      group.recoverWith(cluster.recovery(node));
    } catch (MySqlException e) {
      if (e.code() == GroupReplication.ANOTHER_START) {
        // Somebody's, perhaps a clusterctl's that was killed: it may get the node in.
        return notYet("letting another START or STOP end");
      }
      if (e.unreachable()) {
        return notYet("its server restarts");
      }
      throw e;
    }
    log = Optional.of(ServerLog.fromNow(cluster, node));
    starts++;
    starting = Optional.of(Background.call(this::startGroupReplication));
    return notYet("joining");
  }

  private boolean startGroupReplication() throws IOException {
    try (Session session = cluster.admin(node, START)) {
      cluster.group(session).join();
      return true;
    }
  }

  /** How a START does that was begun. */
  private Look<Boolean> begun(CompletableFuture<Boolean> start) throws IOException {
    if (!start.isDone()) {
      return notYet("joining");
    }
    starting = Optional.empty();
    try {
      start.get();
      return notYet("joining");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return notYet("interrupted");
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof MySqlException answer)) {
        throw Background.asIoException(e);
      }
      if (answer.unreachable()) {
        return notYet("its server restarts");
      }
      JoinFailure failure = failure();
      if (!passes(failure)) {
        throw refused(failure, Optional.of(answer));
      }
      return notYet("attempt %d failed: %s".formatted(starts, answer.getMessage()));
    }
  }

  /** Why the last attempt failed, going by the server's log since then. */
  private JoinFailure failure() throws IOException {
    return JoinFailure.of(log.isPresent() ? log.get().errors() : List.of());
  }

  /**
   * What must be waited for before it may be told to join.
   *
   * @throws MySqlException if it mustn't be at all
   */
  private Optional<String> obstacle(NodeObservation now) throws IOException {
    GroupDriver.Observations all = driver.observe();
    GroupFormation formation = all.formation();
    if (formation instanceof GroupFormation.Refuse refuse) {
      throw GroupDriver.refused(refuse);
    }
    // The group's side is read after the node's, so what the group had then is in it.
    NodeObservation contact =
        formation instanceof GroupFormation.Exists exists
            ? all.of(exists.contact()).orElseThrow()
            : noGroup();
    refuseOwnData(now, contact);
    for (GroupMember member : contact.members()) {
      if (member.state() == GroupMember.State.RECOVERING
          && !member.uuid().equals(now.serverUuid())) {
        Optional<Node> other = driver.nodeOf(member);
        return Optional.of(
            "waiting for %s: %s"
                .formatted(
                    cluster.nameOf(member.host()),
                    other.isPresent() ? recovery(other.get()) : "catching up"));
      }
    }
    return Optional.empty();
  }

  private NodeObservation noGroup() throws MySqlException {
    throw new MySqlException(
        "%s can't join: no node is in the group any more".formatted(node.name()),
        0,
        "clusterctl up begins the group again, on a node that has all transactions",
        null);
  }

  /** Group Replication itself would refuse the first, and replace or mix up the second. */
  private void refuseOwnData(NodeObservation now, NodeObservation contact) throws IOException {
    String whatNext =
        "nothing was changed. Look at them on %1$s; if they may go, clusterctl reseed %1$s replaces its data by the group's"
            .formatted(node.name());
    GtidSet errant = now.executed().subtract(contact.executed());
    if (!errant.isEmpty()) {
      throw new MySqlException(
          "%s has transactions that the group lacks: %s".formatted(node.name(), errant),
          0,
          whatNext,
          null);
    }
    if (now.executed().isEmpty()) {
      List<SchemaSize> own;
      try (Session session = cluster.admin(node)) {
        own = SchemaSize.of(session);
      }
      if (!own.isEmpty()) {
        throw new MySqlException(
            "%s has data (%s) and no GTIDs that say what it is"
                .formatted(node.name(), SchemaSize.text(own)),
            0,
            whatNext,
            null);
      }
    }
  }

  private boolean passes(JoinFailure failure) {
    boolean canBeCloned = Dialect.of(cluster.topology().mysql().version()).has(Feature.CLONE);
    return starts < MOST_STARTS
        && failure.cause().passing()
        && (canBeCloned || failure.cause() != JoinFailure.Cause.LOGS_PURGED);
  }

  private MySqlException refused(JoinFailure failure, Optional<MySqlException> answer) {
    String why =
        failure.lines().isEmpty()
            ? answer.map(MySqlException::getMessage).orElse("its log doesn't say why")
            : String.join("; ", failure.lines());
    return new MySqlException(
        "%s doesn't get into the group%s: %s"
            .formatted(node.name(), starts > 1 ? " in " + starts + " attempts" : "", why),
        answer.map(MySqlException::code).orElse(0),
        advice(failure.cause()),
        answer.orElse(null));
  }

  private String advice(JoinFailure.Cause cause) {
    return switch (cause) {
      case OWN_TRANSACTIONS ->
          "clusterctl reseed %s replaces its data by the group's, if its own may go"
              .formatted(node.name());
      case INCOMPATIBLE ->
          "all members need versions and options that go together: clusterctl plan shows which"
              + " options differ from cluster.yaml";
      case FULL -> "a group has 9 members at most: take one out of nodes: first";
      case LOGS_PURGED ->
          "no member has what it lacks in its binary logs any more, and no copy could be made by the"
              + " clone plugin: clusterctl logs %s shows why".formatted(node.name());
      case REFUSED_LOGIN ->
          "clusterctl up sets the recovery account's password on every node that it reaches; then run"
              + " it again";
      case OTHER ->
          "clusterctl logs %s shows more; clusterctl up tries again".formatted(node.name());
    };
  }

  /** What would otherwise keep it from serving, or from coming back by itself. */
  private void settle() throws IOException {
    try (Session session = cluster.admin(node)) {
      // Left on by group_replication_exit_state_action; joining doesn't lift it.
      if (session.value("SELECT @@GLOBAL.offline_mode").orElse("").equals("1")) {
        session.run("SET GLOBAL offline_mode = OFF");
      }
      if (Dialect.of(cluster.topology().mysql().version()).has(Feature.SET_PERSIST)) {
        // Persisted where it was taken out once; wins over the file that has it join at boot.
        session.run("RESET PERSIST IF EXISTS group_replication_start_on_boot");
      }
    }
  }
}
