package dev.clusterctl.operation;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.ReplicaSymptoms;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.mysql.SemiSyncState;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceFinding;
import dev.clusterctl.mysql.SourceReplication;
import dev.clusterctl.operation.roles.StandIn;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Looks at one source and its replicas as a whole, and gives nodes their roles. */
public final class SourceDriver implements ReplicationDriver {
  private static final Duration CATCH_UP = Duration.ofHours(12);

  /** A replica that waits for room on its disk looks once a minute whether it was told to stop. */
  private static final Duration STOP = Duration.ofMinutes(3);

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration LEAVE = Duration.ofMinutes(1);
  private static final Duration COMMIT = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Cluster cluster;

  public SourceDriver(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * What all nodes say.
   *
   * @param silent the nodes that can't be asked, and why
   */
  public record Observations(List<ReplicaObservation> answers, Map<NodeName, IOException> silent) {

    /** What a node says; empty where it is silent. */
    public Optional<ReplicaObservation> of(NodeName node) {
      return answers.stream().filter(o -> o.node().equals(node)).findFirst();
    }
  }

  /** Asks all nodes at once. */
  public Observations observe() {
    Map<NodeName, CompletableFuture<ReplicaObservation>> asked = new LinkedHashMap<>();
    for (Node node : cluster.topology().nodes()) {
      asked.put(node.name(), Background.call(() -> observe(node)));
    }
    List<ReplicaObservation> answers = new ArrayList<>();
    Map<NodeName, IOException> silent = new LinkedHashMap<>();
    asked.forEach(
        (name, answer) -> {
          try {
            answers.add(answer.get());
          } catch (ExecutionException e) {
            silent.put(name, Background.asIoException(e));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            silent.put(name, new IOException("interrupted", e));
          }
        });
    return new Observations(List.copyOf(answers), silent);
  }

  /** Asks one node. */
  public ReplicaObservation observe(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      return observe(node, session);
    }
  }

  /** Asks one node in a session that is open already. */
  ReplicaObservation observe(Node node, Session session) throws IOException {
    SourceReplication replication = cluster.replication(session);
    // What it follows is read before what it has: a source that is asked later has at least that.
    Optional<ReplicationChannel> channel = replication.channel();
    return new ReplicaObservation(
        node.name(),
        node.address().value(),
        session.value("SELECT @@server_uuid").orElse(""),
        session.value("SELECT @@version").orElse(""),
        replication.writable(),
        replication.executed(),
        replication.purged(),
        channel);
  }

  /** What a node's server and machine say about their difficulties. */
  ReplicaSymptoms symptoms(Node node, Session session) throws IOException {
    return cluster.replication(session).symptoms().withFreeBytes(freeBytes(node));
  }

  /** What is left on the disk of a node's data directory. */
  long freeBytes(Node node) throws IOException {
    String data = cluster.installation(node.name()).dataDirectory();
    return Long.parseLong(
        cluster
            .remote(node.name())
            .check(
                Command.shell(
                    "look at the disk",
                    "df --output=avail -B1 -- %s | tail -n 1".formatted(Command.quote(data))))
            .strip());
  }

  /**
   * Asks the source after its replicas, so that what one of them has and it lacks is errant indeed.
   * A semi-synchronous replica has a transaction a moment before its source has committed it: that
   * moment is waited for.
   */
  public ReplicaObservation observeAfter(Node source, Collection<ReplicaObservation> replicas)
      throws IOException {
    long deadline = System.nanoTime() + COMMIT.toNanos();
    try (Session session = cluster.admin(source)) {
      while (true) {
        ReplicaObservation now = observe(source, session);
        boolean ahead =
            replicas.stream()
                .flatMap(r -> r.errant(now).sources().stream())
                .anyMatch(s -> s.uuid().toString().equals(now.serverUuid()));
        if (!ahead || System.nanoTime() > deadline) {
          return now;
        }
      }
    }
  }

  /** Who the source is, going by what all nodes say. */
  public SourceFinding finding() {
    return finding(observe());
  }

  /** Who the source is, going by these observations. */
  public SourceFinding finding(Observations now) {
    return SourceFinding.decide(
        now.answers(),
        now.silent().keySet(),
        cluster.topology().replication().sourceReplica().orElseThrow().source());
  }

  @Override
  public Optional<Node> writer() {
    return finding() instanceof SourceFinding.Exists exists
        ? cluster.topology().node(exists.node())
        : Optional.empty();
  }

  @Override
  public boolean inService(Node node) throws RemoteException {
    try {
      ReplicaObservation now = observe(node);
      return now.writable() || now.channel().isPresent();
    } catch (RemoteException e) {
      throw e;
    } catch (IOException e) {
      // Whoever refuses clusterctl's account, or doesn't answer, has no role that it manages.
      return false;
    }
  }

  /** Only the source is missed, and hands over before it goes. */
  @Override
  public void requireDispensable(Node node) {}

  @Override
  public Optional<Node> handOver(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (cluster.topology().nodes().size() == 1 || !writer().equals(Optional.of(node))) {
      return Optional.empty();
    }
    return Optional.of(new StandIn(cluster, progress).replace(node));
  }

  @Override
  public void handBack(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (node.name()
        .equals(cluster.topology().replication().sourceReplica().orElseThrow().source())) {
      awaitCaughtUp(node, requireWriter(), progress);
      new StandIn(cluster, progress).restore(node);
    }
  }

  @Override
  public void beforeRestart(Node node) {}

  @Override
  public void afterRestart(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    boolean source = role(node).equals(RoleGuard.SOURCE);
    Waiting.until(
        node.name() + (source ? " takes writes again" : " replicates again"),
        START,
        LOOK,
        () -> {
          ReplicaObservation now = observe(node);
          boolean back =
              source
                  ? now.writable()
                  : now.channel().filter(ReplicationChannel::running).isPresent();
          return back
              ? Look.found(now)
              : Look.notYet(source ? "read-only" : describe(now.channel()));
        });
  }

  /** Replicas that are connected to the source: MySQL keeps no list of others. */
  @Override
  public List<Leaver> leavers() throws IOException {
    Optional<Node> source = writer();
    if (source.isEmpty()) {
      return List.of();
    }
    Set<String> known =
        cluster.topology().nodes().stream()
            .map(n -> n.address().value())
            .collect(Collectors.toSet());
    List<Leaver> leavers = new ArrayList<>();
    try (Session session = cluster.admin(source.get())) {
      for (String host : cluster.replication(session).replicas()) {
        if (!known.contains(host)) {
          leavers.add(new Leaver(host, new IpAddress(host), false));
        }
      }
    }
    return leavers;
  }

  @Override
  public void dismiss(Leaver leaver, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    Node source = requireWriter();
    try (Session session = cluster.foreign(source, leaver.name(), leaver.address())) {
      progress.accept("following the source no more");
      cluster.replication(session).refuseWrites();
      cluster.replication(session).forget();
    }
    // A source with nothing to send notices with its second sign of life, 5 s apart.
    Waiting.until(
        leaver + " is connected to the source no more",
        LEAVE,
        LOOK,
        () ->
            leavers().contains(leaver)
                ? Look.notYet(source.name() + " still has it as a replica")
                : Look.found(true));
  }

  /** What a node's machine keeps as its role; empty where it has none yet. */
  public String role(Node node) throws RemoteException {
    return cluster
        .remote(node.name())
        .check(
            Command.shell(
                "read the node's role", "cat %s 2>/dev/null || true".formatted(RoleGuard.ROLE)))
        .strip();
  }

  /**
   * Writes down on a node's machine what it is after a restart of its server.
   *
   * @param role {@link RoleGuard#SOURCE} or {@link RoleGuard#REPLICA}
   */
  public void setRole(Node node, String role) throws RemoteException {
    cluster.remote(node.name()).put(RemoteFile.of(RoleGuard.ROLE, role + "\n"));
  }

  /**
   * Makes a node the source: it follows nobody, takes writes, and will after a restart. The caller
   * has seen to it that nobody else is.
   */
  public void makeSource(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      SourceReplication replication = cluster.replication(session);
      if (replication.channel().isPresent()) {
        replication.forget();
      }
      setRole(node, RoleGuard.SOURCE);
      waitForReplicas(session, true);
      replication.takeWrites();
    }
  }

  /**
   * Makes a node a replica of the source: it refuses writes, now and after a restart, and follows.
   * Returns at once; {@link #awaitCaughtUp} waits.
   *
   * @throws MySqlException if it has transactions that the source lacks: they are named, and kept
   */
  public void follow(Node node, Node source) throws IOException {
    try (Session session = cluster.admin(node, STOP)) {
      SourceReplication replication = cluster.replication(session);
      replication.refuseWrites();
      setRole(node, RoleGuard.REPLICA);
      waitForReplicas(session, false);
      ReplicaObservation replica = observe(node, session);
      refuseErrant(replica, observeAfter(source, List.of(replica)));
      replication.follow(source.address().value(), MySqlServer.PORT, cluster.recovery());
    }
    try (Session session = cluster.admin(source)) {
      // One that was alone when it became the source didn't wait for anybody until now.
      waitForReplicas(session, true);
    }
  }

  /**
   * Has a server's commits wait for a replica, or not; nothing where cluster.yaml doesn't ask for
   * semi-synchronous replication at all.
   */
  public void waitForReplicas(Session session, boolean on) throws IOException {
    if (cluster.topology().replication().sourceReplica().orElseThrow().semiSync()) {
      cluster.replication(session).waitForReplicas(on);
    }
  }

  /** Whether semi-synchronous replication is asked for, and a server doesn't do its part in it. */
  public boolean lacksSemiSync(Session session) throws IOException {
    return cluster.topology().replication().sourceReplica().orElseThrow().semiSync()
        && !cluster.replication(session).semiSync().filter(SemiSyncState::enabled).isPresent();
  }

  /** Whether a replica would log in to its source with the account's password of today. */
  public boolean followsWithPasswordOfToday(Session session) throws IOException {
    return session
        .value("SELECT User_password FROM mysql.slave_master_info WHERE Channel_name = ''")
        .filter(cluster.recovery().password()::equals)
        .isPresent();
  }

  private static void refuseErrant(ReplicaObservation replica, ReplicaObservation source)
      throws MySqlException {
    GtidSet errant = replica.errant(source);
    if (!errant.isEmpty()) {
      throw new MySqlException(
          "%s has transactions that the source %s lacks: %s"
              .formatted(replica.node(), source.node(), errant),
          0,
          "nothing was changed. Look at them with mysqlbinlog on %1$s; if they may go, clusterctl reseed %1$s replaces its data by the source's"
              .formatted(replica.node()),
          null);
    }
  }

  /**
   * Waits until a replica has all that its source has now.
   *
   * @throws MySqlException as soon as one of its threads stops with an error
   */
  public void awaitCaughtUp(Node node, Node source, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    GtidSet wanted = observe(source).executed();
    Waiting.until(
        "%s has all that %s had".formatted(node.name(), source.name()),
        CATCH_UP,
        LOOK,
        () -> {
          ReplicaObservation now = observe(node);
          failOn(now);
          GtidSet missing = wanted.subtract(now.executed());
          if (missing.isEmpty() && now.channel().filter(ReplicationChannel::running).isPresent()) {
            return Look.found(now);
          }
          String seen =
              missing.isEmpty()
                  ? describe(now.channel())
                  : "%d transactions behind".formatted(missing.count());
          progress.accept(seen);
          return Look.notYet(seen);
        });
  }

  private static void failOn(ReplicaObservation replica) throws MySqlException {
    for (ReplicationChannel channel : replica.channel().stream().toList()) {
      Optional<ReplicationChannel.Failure> failure =
          channel.applyError().or(() -> channel.isReceiving() ? Optional.empty() : fatal(channel));
      if (failure.isPresent()) {
        throw new MySqlException(
            "%s doesn't replicate: %s (error %d)"
                .formatted(replica.node(), failure.get().message(), failure.get().code()),
            failure.get().code(),
            "clusterctl status names what repairs it",
            null);
      }
    }
  }

  /**
   * While it says Connecting it tries again, which helps against everything but being refused; once
   * it says No it has given up.
   */
  private static Optional<ReplicationChannel.Failure> fatal(ReplicationChannel channel) {
    return channel
        .receiveError()
        .filter(e -> channel.receiving().equals("No") || e.code() == MySqlException.ACCESS_DENIED);
  }

  private static String describe(Optional<ReplicationChannel> channel) {
    return channel
        .map(
            c ->
                "receiving: %s, applying: %s".formatted(c.receiving(), c.applying() ? "Yes" : "No"))
        .orElse("it follows nobody");
  }

  /** A refusal as an error. */
  public static MySqlException refused(SourceFinding.Refuse refuse) {
    return new MySqlException(refuse.reason(), 0, refuse.advice(), null);
  }
}
