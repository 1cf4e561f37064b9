package dev.clusterctl.operation;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.mysql.GroupFormation;
import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.GroupReplication;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Looks at the group as a whole, begins it, and brings nodes into it. */
public final class GroupDriver implements ReplicationDriver {
  /** START GROUP_REPLICATION may wait for a view as long as the server's own limit, 60 s. */
  private static final Duration START = Duration.ofSeconds(120);

  private static final Duration RESTART = Duration.ofMinutes(5);

  private static final Duration SETTLE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int LOCK_SECONDS = 60;

  private final Cluster cluster;

  public GroupDriver(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * What all nodes say.
   *
   * @param silent the nodes that can't be asked, and why
   */
  public record Observations(List<NodeObservation> answers, Map<NodeName, IOException> silent) {

    /** What a node says; empty where it is silent. */
    public Optional<NodeObservation> of(NodeName node) {
      return answers.stream().filter(o -> o.node().equals(node)).findFirst();
    }

    /** What all others say. */
    Observations without(NodeName node) {
      Map<NodeName, IOException> silence = new LinkedHashMap<>(silent);
      silence.remove(node);
      return new Observations(
          answers.stream().filter(o -> !o.node().equals(node)).toList(), silence);
    }

    /** What is to be done, going by what they say. */
    public GroupFormation formation() {
      return GroupFormation.decide(answers, silent.keySet());
    }
  }

  /** Asks all nodes at once. */
  public Observations observe() {
    Map<NodeName, CompletableFuture<NodeObservation>> asked = new LinkedHashMap<>();
    for (Node node : cluster.topology().nodes()) {
      asked.put(node.name(), Background.call(() -> observe(node)));
    }
    List<NodeObservation> answers = new ArrayList<>();
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
  public NodeObservation observe(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      return observe(node, session, cluster.group(session));
    }
  }

  /** Asks one node in a session that is open already. */
  static NodeObservation observe(Node node, Session session, GroupReplication group)
      throws IOException {
    List<GroupMember> members = group.members();
    String uuid = session.value("SELECT @@server_uuid").orElse("");
    GtidSet executed = GtidSet.parse(session.value("SELECT @@GLOBAL.gtid_executed").orElse(""));
    return new NodeObservation(node.name(), uuid, members, executed);
  }

  /** A node that takes writes and is ONLINE in a group with a majority. */
  @Override
  public Optional<Node> writer() {
    for (NodeObservation o : observe().answers()) {
      if (o.hasMajority() && o.state() == GroupMember.State.ONLINE) {
        for (GroupMember member : o.members()) {
          Optional<Node> node = nodeOf(member);
          if (member.primary() && member.state() == GroupMember.State.ONLINE && node.isPresent()) {
            return node;
          }
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean inService(Node node) throws RemoteException {
    try {
      return observe(node).inGroup();
    } catch (RemoteException e) {
      throw e;
    } catch (IOException e) {
      // Whoever refuses clusterctl's account, or doesn't answer, isn't a member that it manages.
      return false;
    }
  }

  @Override
  public void requireDispensable(Node node) throws IOException {
    NodeObservation view = observe(node);
    List<String> missing =
        view.members().stream()
            .filter(m -> !m.uuid().equals(view.serverUuid()))
            .filter(m -> m.state() != GroupMember.State.ONLINE)
            .map(m -> m.host() + " is " + m.state())
            .toList();
    if (!missing.isEmpty()) {
      throw new MySqlException(
          "%s needs a restart for its new options, but %s: restarting it could cost the quorum"
              .formatted(node.name(), String.join(", ", missing)),
          0,
          "bring those members back first, then run up again",
          null);
    }
  }

  @Override
  public List<Leaver> leavers() throws MySqlException {
    return leavers(observe());
  }

  /** Those that were to be seen when the nodes were looked at. */
  public List<Leaver> leavers(Observations now) {
    List<NodeObservation> inside =
        now.answers().stream().filter(NodeObservation::hasMajority).toList();
    if (inside.isEmpty()) {
      return List.of();
    }
    List<Leaver> leavers = new ArrayList<>();
    for (GroupMember member : inside.get(0).members()) {
      if (nodeOf(member).isEmpty() && member.state() != GroupMember.State.UNREACHABLE) {
        leavers.add(new Leaver(member.host(), new IpAddress(member.host()), member.primary()));
      }
    }
    return leavers;
  }

  @Override
  public void dismiss(Leaver leaver, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    Node contact = contact(leaver);
    requireAllOnlineBut(leaver, contact);
    try (Session session = cluster.foreign(contact, leaver.name(), leaver.address())) {
      GroupReplication group = cluster.group(session);
      progress.accept("leaving the group");
      group.leave();
      session.run("SET GLOBAL super_read_only = ON");
      if (Dialect.of(cluster.topology().mysql().version()).has(Feature.SET_PERSIST)) {
        // Wins over the file that has it join at boot.
        session.run("SET PERSIST group_replication_start_on_boot = OFF");
      }
    }
    Waiting.until(
        leaver + " is out of the group",
        SETTLE,
        LOOK,
        () ->
            observe(contact).members().stream()
                    .anyMatch(m -> m.host().equals(leaver.address().value()))
                ? Look.notYet("the others still see it")
                : Look.found(true));
  }

  /** Somebody through whom the group can be asked when a member leaves: the primary, if ours. */
  private Node contact(Leaver leaver) throws IOException {
    Optional<Node> writer = writer();
    if (writer.isPresent()) {
      return writer.get();
    }
    Optional<NodeName> online =
        observe().answers().stream()
            .filter(o -> o.hasMajority() && o.state() == GroupMember.State.ONLINE)
            .map(NodeObservation::node)
            .findFirst();
    return online.isPresent()
        ? cluster.topology().node(online.get()).orElseThrow()
        : requireWriter();
  }

  /**
   * The primary of a single-primary group where cluster.yaml doesn't name it any more: nothing can
   * be written by way of the nodes that it names.
   *
   * @param now how the nodes looked
   */
  public Optional<Leaver> leavingPrimary(Observations now) {
    return cluster.topology().replication().mode() == Replication.Mode.SINGLE_PRIMARY
        ? leavers(now).stream().filter(Leaver::writable).findFirst()
        : Optional.empty();
  }

  /** Has a node of the file take the place of a primary that is to leave. */
  public void replace(Leaver primary, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    Node next = contact(primary);
    requireAllOnlineBut(primary, next);
    if (Dialect.of(cluster.topology().mysql().version()).has(Feature.SET_AS_PRIMARY)) {
      progress.accept(next.name() + " takes the place of " + primary);
      makePrimary(next);
      return;
    }
    // The group chooses another one by itself, when this one is gone.
    dismiss(primary, progress);
    Waiting.until(
        "another node takes the place of " + primary,
        SETTLE,
        LOOK,
        () -> writer().map(Look::found).orElseGet(() -> Look.notYet("no node takes writes")));
  }

  @Override
  public Optional<Node> handOver(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (cluster.topology().replication().mode() != Replication.Mode.SINGLE_PRIMARY
        || !writer().equals(Optional.of(node))
        || !Dialect.of(cluster.topology().mysql().version()).has(Feature.SET_AS_PRIMARY)) {
      return Optional.empty();
    }
    for (NodeObservation other : observe().answers()) {
      if (!other.node().equals(node.name())
          && other.hasMajority()
          && other.state() == GroupMember.State.ONLINE) {
        Node next = cluster.topology().node(other.node()).orElseThrow();
        progress.accept("handing over to " + next.name());
        makePrimary(next);
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /** A group's members are all alike: cluster.yaml names no primary. */
  @Override
  public void handBack(Node node, Consumer<String> progress) {}

  /** Has a single-primary group make a member its primary, and waits until it takes writes. */
  public void makePrimary(Node node)
      throws IOException, InterruptedException, WaitTimeoutException {
    try (Session session = cluster.admin(node, START)) {
      session.value(
          "SELECT group_replication_set_as_primary(?)",
          session.value("SELECT @@server_uuid").orElseThrow());
      waitUntilWritable(node, session);
    }
  }

  private void requireAllOnlineBut(Leaver leaver, Node contact) throws IOException {
    List<String> missing =
        observe(contact).members().stream()
            .filter(m -> !m.host().equals(leaver.address().value()))
            .filter(m -> m.state() != GroupMember.State.ONLINE)
            .map(m -> m.host() + " is " + m.state())
            .toList();
    if (!missing.isEmpty()) {
      throw new MySqlException(
          "%s is in the file no longer, but %s: taking it out could cost the quorum"
              .formatted(leaver, String.join(", ", missing)),
          0,
          "bring those members back first, then run up again",
          null);
    }
  }

  /** A member that says goodbye is not missed, one that vanishes is waited for. */
  @Override
  public void beforeRestart(Node node) throws IOException {
    try (Session session = cluster.admin(node, RESTART)) {
      cluster.group(session).leave();
    }
  }

  @Override
  public void afterRestart(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (observe().formation() instanceof GroupFormation.Bootstrap) {
      bootstrap(node, progress);
    } else {
      join(node, progress);
    }
  }

  /** The topology's node that a member is; empty for a member that isn't in the cluster.yaml. */
  public Optional<Node> nodeOf(GroupMember member) {
    return cluster.topology().nodes().stream()
        .filter(
            n ->
                n.address().value().equals(member.host()) || n.name().value().equals(member.host()))
        .findFirst();
  }

  /**
   * Begins the group on a node, if it is still true that there is none. Two clusterctls that try at
   * once meet at a lock on that node's server.
   */
  public void bootstrap(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    try (Session session = cluster.admin(node, START)) {
      String lock = "clusterctl bootstrap " + cluster.topology().name();
      if (!session.value("SELECT GET_LOCK(?, ?)", lock, LOCK_SECONDS).orElse("0").equals("1")) {
        throw new MySqlException(
            node.name() + ": somebody else is bootstrapping the group", 0, "wait for them", null);
      }
      GroupFormation formation = observe().formation();
      if (formation instanceof GroupFormation.Exists) {
        return;
      }
      if (formation instanceof GroupFormation.Refuse refuse) {
        throw refused(refuse);
      }
      GroupReplication group = cluster.group(session);
      progress.accept("leaving what it was in");
      if (!leaveUnlessIn(node, session, group, progress)) {
        group.recoverWith(cluster.recovery(node));
        progress.accept("bootstrapping");
        group.bootstrap();
      }
      waitUntilOnline(node);
      waitUntilWritable(node, session);
    }
  }

  /**
   * Brings a node into the group that exists, and waits until it is ONLINE, as long as there is
   * progress. One at a time, in the order in which they ask.
   *
   * @throws MySqlException if it isn't let in, such as for data of its own, which is kept: says why
   *     and what to do next
   */
  public void join(Node node, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    new GroupJoin(cluster, this, node, progress).run();
  }

  /** A node that is in the group and sees a majority, one that is ONLINE first. */
  Optional<NodeObservation> contact() {
    Observations now = observe();
    return now.formation() instanceof GroupFormation.Exists exists
        ? now.of(exists.contact())
        : Optional.empty();
  }

  /** Whether a node would recover with the account's password of today. */
  public boolean recovers(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      return cluster.group(session).recoversWith(cluster.recovery(node));
    }
  }

  /** Has a node recover with the account's password of today; it needn't leave the group for it. */
  public void setRecovery(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      cluster.group(session).recoverWith(cluster.recovery(node));
    }
  }

  /** A refusal as an error. */
  public static MySqlException refused(GroupFormation.Refuse refuse) {
    return new MySqlException(refuse.reason(), 0, refuse.advice(), null);
  }

  /** The one that began the group has nobody to catch up with. */
  private void waitUntilOnline(Node node)
      throws IOException, InterruptedException, WaitTimeoutException {
    Waiting.until(
        node.name() + " is ONLINE in the group",
        SETTLE,
        LOOK,
        () -> {
          GroupMember.State state = observe(node).state();
          return state == GroupMember.State.ONLINE ? Look.found(state) : Look.notYet(state.name());
        });
  }

  /** A primary is ONLINE a moment before it is writable. */
  private static void waitUntilWritable(Node node, Session session)
      throws IOException, InterruptedException, WaitTimeoutException {
    Waiting.until(
        node.name() + " takes writes",
        SETTLE,
        LOOK,
        () ->
            session.value("SELECT @@GLOBAL.super_read_only").orElse("").equals("0")
                ? Look.found(true)
                : Look.notYet("super_read_only=ON"));
  }

  /**
   * Gets a node out of a half-made or failed membership. A START that somebody else began, perhaps
   * a clusterctl that was killed, is let finish: it may get the node in.
   *
   * @return whether the node is in the group
   */
  private static boolean leaveUnlessIn(
      Node node, Session session, GroupReplication group, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    return Waiting.until(
        node.name() + " has finished the START or STOP GROUP_REPLICATION of somebody else",
        START,
        LOOK,
        () -> {
          if (observe(node, session, group).inGroup()) {
            return Look.found(true);
          }
          try {
            group.leave();
            return Look.found(false);
          } catch (MySqlException e) {
            if (e.code() != GroupReplication.ANOTHER_START) {
              throw e;
            }
            progress.accept("letting another START end");
            return Look.notYet("it is still executing");
          }
        });
  }
}
