package dev.clusterctl.operation.roles;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceFinding;
import dev.clusterctl.mysql.SourceReplication;
import dev.clusterctl.operation.Background;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.operation.seeding.SeedingMark;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
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
import java.util.stream.Collectors;

/**
 * Makes a replica the source where the old source is gone.
 *
 * <p>Nobody is promoted while the old source may be alive: while its server answers, its machine
 * answers and runs mysqld, or a replica still receives from it. A machine that can't be reached
 * can't be told to stay away; {@link RoleGuard} on it does that when it comes back.
 *
 * <p>May be killed at any moment and run again. Before the new source takes writes nobody does; the
 * old one, coming back in the middle, is let take writes by its guard only as long as none of the
 * others follows a new one. At the end both sides look back once more, so that of two that became
 * writable in the same instant at least one gives up.
 */
public final class Failover {
  /** A replica notices after slave_net_timeout, 10 s, that nothing comes from a source any more. */
  private static final Duration NOTICE = Duration.ofSeconds(20);

  private static final Duration LOOK = Duration.ofMillis(200);

  /** How long applying what was received, and fetching the rest, may stand still. */
  private static final Duration APPLY = Duration.ofHours(2);

  private final Cluster cluster;
  private final SourceDriver driver;
  private final Optional<NodeName> wanted;
  private final Story story;

  /**
   * @param wanted who becomes the source; empty: the replica that has the most
   */
  public Failover(Cluster cluster, Optional<NodeName> wanted, EventSink sink) {
    this.cluster = cluster;
    this.driver = new SourceDriver(cluster);
    this.wanted = wanted;
    this.story = new Story(sink);
  }

  /**
   * What would be done.
   *
   * @param target who becomes the source
   * @param absent the nodes that don't answer
   * @param before the source that is gone; empty where that can't be told
   * @param consequences what a person should know before saying yes, a sentence each
   */
  public record Proposal(
      Node target, List<NodeName> absent, Optional<NodeName> before, List<String> consequences) {
    public Proposal {
      absent = List.copyOf(absent);
      consequences = List.copyOf(consequences);
    }
  }

  /**
   * Looks whether it is possible, and what it would cost; changes nothing.
   *
   * @throws RefusedException if the source isn't gone: says what to do instead
   */
  public Proposal look() throws IOException, InterruptedException {
    SourceDriver.Observations now = driver.observe();
    requireNoSource(now);
    List<Absentee> absent = absentees(now);
    awaitNothingReceived(now);
    FailoverChoice choice = choice(now);
    Optional<NodeName> before = before(now);
    return new Proposal(
        node(choice.node()),
        absent.stream().map(a -> a.node().name()).toList(),
        before,
        consequences(now, choice, absent, before));
  }

  private void requireNoSource(SourceDriver.Observations now) throws IOException {
    if (now.answers().isEmpty()) {
      throw new RefusedException(
          "no node answers, so none can become the source",
          now.silent().entrySet().stream()
              .map(e -> e.getKey() + ": " + e.getValue().getMessage())
              .toList(),
          "bring one of them back: clusterctl up");
    }
    List<NodeName> writable =
        now.answers().stream()
            .filter(ReplicaObservation::writable)
            .map(ReplicaObservation::node)
            .toList();
    if (!writable.isEmpty()) {
      throw alive(
          "%s takes writes".formatted(words(writable)),
          "clusterctl switchover NODE changes roles without losing anything; clusterctl status"
              + " shows who is what");
    }
    SourceFinding finding = driver.finding(now);
    if (finding instanceof SourceFinding.Make make && !make.first()) {
      throw alive(
          "%s answers; it only takes no writes".formatted(make.node()),
          "clusterctl up lets it take writes again; clusterctl switchover NODE makes another one the source");
    }
    boolean everybodyAnswers = now.silent().isEmpty();
    if (everybodyAnswers && wanted.isEmpty()) {
      throw alive(
          "every node answers, and it isn't clear who the source is",
          "clusterctl status shows who is what; clusterctl failover --to NODE decides it");
    }
  }

  private static RefusedException alive(String what, String advice) {
    return new RefusedException(
        "the source isn't gone: " + what, List.of("nothing was touched"), advice);
  }

  /** Who doesn't answer, and why; none of them may run a server. */
  private List<Absentee> absentees(SourceDriver.Observations now) throws IOException {
    Map<Node, CompletableFuture<Absentee>> asked = new LinkedHashMap<>();
    for (NodeName name : now.silent().keySet()) {
      Node node = node(name);
      asked.put(node, Background.call(() -> Absentee.look(cluster, node)));
    }
    List<Absentee> absent = new ArrayList<>();
    for (Map.Entry<Node, CompletableFuture<Absentee>> one : asked.entrySet()) {
      absent.add(Background.await(one.getValue()));
    }
    for (Absentee one : absent) {
      if (one instanceof Absentee.Alive alive) {
        NodeName name = alive.node().name();
        throw new RefusedException(
            "%s doesn't answer, but its machine does: %s".formatted(name, alive.what()),
            List.of("nothing was touched: two sources at a time are what costs data"),
            "clusterctl logs %1$s tells why; if it can't be mended, stop it first: clusterctl ssh %1$s -- systemctl stop %2$s"
                .formatted(name, cluster.installation(name).service()));
      }
    }
    return absent;
  }

  /** A source that clusterctl can't reach and a replica can is alive: only the way there is cut. */
  private void awaitNothingReceived(SourceDriver.Observations before)
      throws IOException, InterruptedException {
    try {
      Waiting.until(
          "no replica receives from the old source any more",
          NOTICE,
          LOOK,
          () -> {
            List<NodeName> receiving =
                driver.observe().answers().stream()
                    .filter(o -> o.channel().filter(ReplicationChannel::isReceiving).isPresent())
                    .filter(o -> fromSilent(o, before))
                    .map(ReplicaObservation::node)
                    .toList();
            return receiving.isEmpty() ? Look.found(true) : Look.notYet(words(receiving));
          });
    } catch (WaitTimeoutException e) {
      throw alive(
          "it can't be reached from here, but replicas still receive from it (%s)"
              .formatted(e.getMessage()),
          "find out what lies between here and its machine; clusterctl status shows what can be reached");
    }
  }

  private boolean fromSilent(ReplicaObservation replica, SourceDriver.Observations now) {
    return now.silent().keySet().stream()
        .anyMatch(name -> replica.follows(node(name).address().value()));
  }

  private FailoverChoice choice(SourceDriver.Observations now)
      throws RefusedException, RemoteException {
    if (wanted.isPresent() && now.of(wanted.get()).isEmpty()) {
      throw new RefusedException(
          "%s doesn't answer, so it can't become the source".formatted(wanted.get()),
          List.of(),
          "choose another one, or bring it back: clusterctl up");
    }
    List<ReplicaObservation> candidates = new ArrayList<>();
    for (ReplicaObservation answer : inTheFilesOrder(now.answers())) {
      // What an interrupted copy says it has, it hasn't.
      if (new SeedingMark(cluster, node(answer.node())).isThere()) {
        if (wanted.equals(Optional.of(answer.node()))) {
          throw new RefusedException(
              "the data of %s is half a copy: its making was interrupted".formatted(answer.node()),
              List.of(),
              "choose another one");
        }
      } else {
        candidates.add(answer);
      }
    }
    if (candidates.isEmpty()) {
      throw new RefusedException(
          "no node that answers has whole data: their copies were interrupted",
          List.of(),
          "bring another node back, or restore a backup: clusterctl restore");
    }
    return FailoverChoice.of(candidates, wanted);
  }

  private List<ReplicaObservation> inTheFilesOrder(List<ReplicaObservation> answers) {
    return cluster.topology().nodes().stream()
        .flatMap(n -> answers.stream().filter(o -> o.node().equals(n.name())))
        .toList();
  }

  /** The one that the others follow and that doesn't answer. */
  private Optional<NodeName> before(SourceDriver.Observations now) {
    return now.silent().keySet().stream()
        .filter(
            name -> now.answers().stream().anyMatch(o -> o.follows(node(name).address().value())))
        .findFirst();
  }

  private List<String> consequences(
      SourceDriver.Observations now,
      FailoverChoice choice,
      List<Absentee> absent,
      Optional<NodeName> before) {
    List<String> lines = new ArrayList<>();
    NodeName target = choice.node();
    now.of(target)
        .ifPresent(
            o -> {
              GtidSet waiting = FailoverChoice.all(o).subtract(o.executed());
              if (!waiting.isEmpty()) {
                lines.add("%s first applies what it has received: %s".formatted(target, waiting));
              }
            });
    choice
        .from()
        .ifPresent(
            from ->
                lines.add(
                    "%s first fetches from %s what it lacks: %s"
                        .formatted(target, from, choice.fetched())));
    if (!choice.lost().isEmpty()) {
      lines.add(
          "lost, as %s can't get them from those that have them: %s"
              .formatted(target, choice.lost()));
    }
    choice
        .ownOf()
        .forEach(
            (node, made) ->
                lines.add(
                    "%1$s has transactions of its own (%2$s) and can't follow: clusterctl reseed %1$s afterwards"
                        .formatted(node, made)));
    lines.add(unknown(now, choice, before));
    for (Absentee one : absent) {
      NodeName name = one.node().name();
      if (one instanceof Absentee.Gone gone) {
        lines.add(
            "%s can't be reached (%s): when it comes back it asks the others and stays read-only"
                .formatted(name, gone.why()));
      } else {
        lines.add("%s is stopped, and will start as a replica".formatted(name));
      }
      if (!before.equals(Optional.of(name))) {
        lines.add("%s may have transactions that no node here has".formatted(name));
      }
    }
    return lines;
  }

  /** What nobody can know before the old source is back. */
  private String unknown(
      SourceDriver.Observations now, FailoverChoice choice, Optional<NodeName> before) {
    GtidSet known =
        choice
            .fetched()
            .union(now.of(choice.node()).map(FailoverChoice::all).orElse(GtidSet.EMPTY));
    boolean semiSync = cluster.topology().replication().sourceReplica().orElseThrow().semiSync();
    String source = before.map(b -> "the source " + b).orElse("the old source");
    return semiSync
        ? "%s may have more than %s, which nobody was told is committed: unless it had gone on alone, as it does after 10 s without a replica"
            .formatted(source, known)
        : "lost is whatever %s committed beyond %s and had not sent to a replica; clusterctl rejoin names it when that machine is back"
            .formatted(source, known);
  }

  /**
   * Does it.
   *
   * @throws FailedException if it failed before the new source took writes: nobody takes writes,
   *     and it can be run again
   */
  public RoleChange run(Proposal proposal) throws IOException, InterruptedException {
    for (NodeName name : proposal.absent()) {
      Node node = node(name);
      if (Absentee.look(cluster, node) instanceof Absentee.Stopped) {
        Absentee.fence(cluster, driver, node);
        story.tell("%s is kept stopped, and is a replica when it starts".formatted(name));
      }
    }
    Uninterrupted work = new Uninterrupted();
    return work.call(() -> promote(proposal, work));
  }

  private RoleChange promote(Proposal proposal, Uninterrupted work)
      throws IOException, InterruptedException {
    List<Node> stopped = new ArrayList<>();
    Node target;
    List<Node> followers;
    try {
      // From here on nobody gets more than they have, so that the choice stays right.
      for (ReplicaObservation one : driver.observe().answers()) {
        if (one.channel().isPresent()) {
          stopped.add(node(one.node()));
        }
      }
      stopReceiving(stopped);
      SourceDriver.Observations now = driver.observe();
      requireNoSource(now);
      FailoverChoice choice = choice(now);
      target = node(choice.node());
      applyReceived(target);
      if (choice.from().isPresent()) {
        fetch(target, node(choice.from().get()), choice.fetched());
      }
      work.stopIfTold();
      followers =
          now.answers().stream()
              .map(o -> node(o.node()))
              .filter(n -> !n.name().equals(choice.node()))
              .toList();
      takeOver(target, proposal, !followers.isEmpty());
    } catch (IOException | WaitTimeoutException | InterruptedException e) {
      resume(stopped);
      if (e instanceof InterruptedException told) {
        throw told;
      }
      throw new FailedException(
          "nobody was made the source: " + e.getMessage(),
          List.of(),
          "clusterctl status says how it is; clusterctl failover can be run again",
          e);
    }
    story.tell("%s takes writes".formatted(target.name()));
    Followers rest = new Followers(cluster, driver, story);
    CompletableFuture<Boolean> moved =
        Background.call(
            () -> {
              rest.proxyOf(target);
              return true;
            });
    rest.all(followers, target);
    Background.await(moved);
    for (NodeName name : proposal.absent()) {
      story.tell("%1$s is away; when its machine is back: clusterctl rejoin %1$s".formatted(name));
    }
    return new RoleChange(
        target.name(), proposal.before(), true, Optional.empty(), story.moments(), story.open());
  }

  /** All at once: each may be in the middle of an attempt to connect to a machine that is gone. */
  private void stopReceiving(List<Node> nodes) throws IOException {
    List<CompletableFuture<Boolean>> begun = new ArrayList<>();
    for (Node node : nodes) {
      begun.add(
          Background.call(
              () -> {
                withReplication(node, SourceReplication::stopReceiving);
                return true;
              }));
    }
    for (CompletableFuture<Boolean> one : begun) {
      Background.await(one);
    }
    story.tell("nobody receives any more");
  }

  /** The chosen one applies all that it received before anything else happens to it. */
  private void applyReceived(Node target)
      throws IOException, InterruptedException, WaitTimeoutException {
    ReplicaObservation now = driver.observe(target);
    GtidSet all = FailoverChoice.all(now);
    if (now.executed().contains(all)) {
      return;
    }
    story.tell(
        "%s applies what it received: %s".formatted(target.name(), all.subtract(now.executed())));
    if (now.channel().filter(c -> !c.applying()).isPresent()) {
      withReplication(target, SourceReplication::startApplying);
    }
    awaitExecuted(target, all);
  }

  /** From a replica that has more, which applies what it received, too. */
  private void fetch(Node target, Node from, GtidSet wanted)
      throws IOException, InterruptedException, WaitTimeoutException {
    applyReceived(from);
    story.tell("%s fetches from %s: %s".formatted(target.name(), from.name(), wanted));
    withReplication(
        target,
        replication ->
            replication.follow(from.address().value(), MySqlServer.PORT, cluster.recovery()));
    awaitExecuted(target, wanted);
  }

  private void awaitExecuted(Node node, GtidSet wanted)
      throws IOException, InterruptedException, WaitTimeoutException {
    Waiting.until(
        "%s has applied %s".formatted(node.name(), wanted),
        APPLY,
        LOOK,
        () -> {
          ReplicaObservation now = driver.observe(node);
          Optional<ReplicationChannel.Failure> error =
              now.channel().flatMap(ReplicationChannel::applyError);
          if (error.isPresent()) {
            throw new MySqlException(
                "%s can't apply what it received: %s (error %d)"
                    .formatted(node.name(), error.get().message(), error.get().code()),
                error.get().code(),
                "choose another one with --to, or mend it",
                null);
          }
          GtidSet missing = wanted.subtract(now.executed());
          return missing.isEmpty()
              ? Look.found(true)
              : Look.notYet("%d transactions left".formatted(missing.count()));
        });
  }

  /** Up to here everything can be undone by starting replication again; from here on nothing. */
  private void takeOver(Node target, Proposal proposal, boolean followed) throws IOException {
    driver.setRole(target, RoleGuard.SOURCE);
    try (Session session = cluster.admin(target)) {
      SourceReplication replication = cluster.replication(session);
      if (replication.channel().isPresent()) {
        replication.forget();
      }
      // Alone it would wait for nobody, 10 s for the first commit; the first replica changes that.
      driver.waitForReplicas(session, followed);
      requireStillAway(proposal);
      replication.takeWrites();
      try {
        requireStillAway(proposal);
      } catch (IOException e) {
        // It came back in the same instant. Its guard looks back, too; both may give up.
        replication.refuseWrites();
        throw e;
      }
    }
  }

  private void requireStillAway(Proposal proposal) throws IOException {
    for (NodeName name : proposal.absent()) {
      ReplicaObservation back;
      try {
        back = driver.observe(node(name));
      } catch (IOException e) {
        continue; // still silent
      }
      if (back.writable()) {
        throw alive(
            "%s came back and takes writes".formatted(name), "clusterctl status shows who is what");
      }
    }
  }

  private void resume(List<Node> stopped) {
    for (Node node : stopped) {
      try {
        withReplication(
            node,
            replication -> {
              if (replication.channel().isPresent()) {
                replication.start();
              }
            });
        driver.setRole(node, RoleGuard.REPLICA);
      } catch (IOException e) {
        story.leaveOpen(
            "%s doesn't replicate any more: %s; clusterctl up starts it"
                .formatted(node.name(), e.getMessage()));
      }
    }
  }

  private interface Work {
    void on(SourceReplication replication) throws IOException;
  }

  private void withReplication(Node node, Work work) throws IOException {
    try (Session session = cluster.admin(node)) {
      work.on(cluster.replication(session));
    }
  }

  private Node node(NodeName name) {
    return cluster.topology().node(name).orElseThrow();
  }

  private static String words(List<NodeName> names) {
    return names.stream().map(NodeName::value).collect(Collectors.joining(", "));
  }
}
