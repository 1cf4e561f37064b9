package dev.clusterctl.operation.roles;

import dev.clusterctl.mysql.ClientSessions;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceFinding;
import dev.clusterctl.mysql.SourceReplication;
import dev.clusterctl.operation.Background;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Makes a replica the source and the source its replica, by plan, with nothing lost.
 *
 * <p>The order is such that clusterctl may be killed at any moment, and servers may be restarted by
 * systemd after that. S is the source, T the replica that is to be, R the other replicas; the guard
 * is {@link RoleGuard}, which lets a server take writes after its start only where its machine's
 * role is {@code source}, it follows nobody, and nobody else takes writes or follows another one.
 *
 * <ol>
 *   <li><i>S notes that it is a replica, T that it is the source.</i> Killed here: S still takes
 *       writes, so it is the source ({@link SourceFinding}), and {@code up} rewrites both notes.
 *       After a restart S stays read-only; so does T, which still follows. {@code up} lets S take
 *       writes.
 *   <li><i>S refuses writes.</i> T and R follow S, which has everything: {@code up} lets it take
 *       writes again. Up to here and until step 5 that is what undoing does, too.
 *   <li><i>T has applied all that S has.</i> The same.
 *   <li><i>T forgets S.</i> S and T have the same transactions, neither takes writes. R follows S:
 *       {@code up} lets S take writes, and T follow it. Without R nobody follows anybody: {@code
 *       up} takes the one that cluster.yaml names, and either is right.
 *   <li><i>T takes writes: from here on there is no way back.</i> Killed here: T is the source, as
 *       it takes writes. S is read-only, also after a restart, by its note. R follows S, which has
 *       nothing new; {@code up} has S and R follow T, and moves the proxy. Were T restarted before,
 *       it would stay read-only, as R follows S; then T alone has everything, nobody is let take
 *       writes by {@code up}, which says so, and {@code failover --to T} makes it the source.
 *   <li><i>S and R follow T, the proxy is moved</i>, in any order: {@code up} does what is missing.
 * </ol>
 *
 * <p>Clients are refused (error 1290) or have to connect anew from step 2 until the proxy has
 * moved; a commit that S acknowledged is on T before T takes writes.
 */
public final class Switchover {
  /** How long the target may take to have what the source had when the command began. */
  private static final Duration APPROACH = Duration.ofMinutes(5);

  /** How long the target may take for the rest, while nobody can write. */
  private static final Duration REST = Duration.ofSeconds(10);

  /** How long sessions that were ended may take to give up what they hold. */
  private static final Duration AFTER_END = Duration.ofSeconds(10);

  /** Statements that wait inside the server have their own limits. */
  private static final Duration STATEMENT = Duration.ofMinutes(2);

  private static final int LOCK_WAIT_TIMEOUT = 1205;

  private final Cluster cluster;
  private final SourceDriver driver;
  private final SwitchoverOptions options;
  private final Story story;

  public Switchover(Cluster cluster, SwitchoverOptions options, EventSink sink) {
    this.cluster = cluster;
    this.driver = new SourceDriver(cluster);
    this.options = options;
    this.story = new Story(sink);
  }

  /**
   * Who is to change roles with whom.
   *
   * @param writable whether the source takes writes: not so where an earlier change was killed
   */
  public record Roles(Node source, Node target, List<Node> others, boolean writable) {
    public Roles {
      others = List.copyOf(others);
    }

    /** Whether the target is the source already. */
    public boolean done() {
      return source.equals(target);
    }
  }

  /**
   * Looks whether it is possible; changes nothing.
   *
   * @throws RefusedException if it isn't: with every reason
   */
  public Roles look() throws IOException {
    Node target = cluster.topology().node(options.to()).orElseThrow();
    SourceDriver.Observations now = driver.observe();
    List<String> silent = new ArrayList<>();
    now.silent().forEach((name, why) -> silent.add(SwitchoverChecks.silent(name, why)));
    if (!silent.isEmpty()) {
      throw refused(silent);
    }
    SourceFinding finding = driver.finding(now);
    Node source = cluster.topology().node(sourceOf(finding)).orElseThrow();
    List<Node> others =
        cluster.topology().nodes().stream()
            .filter(n -> !n.equals(source) && !n.equals(target))
            .toList();
    Roles roles = new Roles(source, target, others, finding instanceof SourceFinding.Exists);
    if (!roles.done()) {
      check(roles);
    }
    return roles;
  }

  private static NodeName sourceOf(SourceFinding finding) throws IOException {
    if (finding instanceof SourceFinding.Exists exists) {
      return exists.node();
    }
    if (finding instanceof SourceFinding.Make make && !make.first()) {
      return make.node();
    }
    if (finding instanceof SourceFinding.Refuse refuse) {
      throw SourceDriver.refused(refuse);
    }
    throw new RefusedException("replication hasn't begun", List.of(), "clusterctl up begins it");
  }

  private void check(Roles roles) throws IOException {
    Map<NodeName, NodeFacts> facts = new LinkedHashMap<>();
    Map<Node, CompletableFuture<NodeFacts>> asked = new LinkedHashMap<>();
    for (Node node : cluster.topology().nodes()) {
      if (!node.equals(roles.source())) {
        asked.put(node, Background.call(() -> NodeFacts.of(cluster, node, driver::observe)));
      }
    }
    for (Map.Entry<Node, CompletableFuture<NodeFacts>> one : asked.entrySet()) {
      facts.put(one.getKey().name(), Background.await(one.getValue()));
    }
    // Last of all: whatever a replica has, the source had before.
    List<ReplicaObservation> replicas = facts.values().stream().map(NodeFacts::seen).toList();
    NodeFacts source =
        NodeFacts.of(cluster, roles.source(), node -> driver.observeAfter(node, replicas));
    facts.put(roles.source().name(), source);
    NodeFacts target = facts.get(roles.target().name());
    if (target == null) {
      throw new IllegalStateException("the target is one of the nodes");
    }
    List<String> reasons =
        SwitchoverChecks.reasons(source, target, List.copyOf(facts.values()), options);
    if (!reasons.isEmpty()) {
      throw refused(reasons);
    }
  }

  private RefusedException refused(List<String> reasons) {
    return new RefusedException("the roles can't be changed now; nothing was touched", reasons, "");
  }

  /** What {@link #run} would do, a line each. */
  public List<String> plan(Roles roles) {
    List<String> lines = new ArrayList<>();
    NodeName source = roles.source().name();
    NodeName target = roles.target().name();
    if (roles.done()) {
      return List.of(target + " is the source already");
    }
    lines.add("%s catches up with %s".formatted(target, source));
    lines.add("%s notes that it is a replica, %s that it is the source".formatted(source, target));
    lines.add(
        "%s refuses writes; what holds that up for more than %d s is ended"
            .formatted(source, options.openFor().toSeconds()));
    lines.add("%s applies the rest".formatted(target));
    lines.add("%s follows nobody and takes writes".formatted(target));
    cluster
        .topology()
        .proxy()
        .ifPresent(p -> lines.add("%s sends writes to %s".formatted(p.name(), target)));
    roles.others().forEach(n -> lines.add("%s follows %s".formatted(n.name(), target)));
    lines.add(
        options.retiring()
            ? "%s ends its clients' sessions".formatted(source)
            : "%s ends its clients' sessions and follows %s".formatted(source, target));
    return lines;
  }

  /**
   * Does it. What fails before the new source takes writes is taken back; what fails afterwards is
   * named in the result.
   *
   * @throws IOException if it failed, and all is as it was, or the message says what isn't
   * @throws InterruptedException if it was stopped, and all is as it was
   */
  public RoleChange run(Roles roles)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (roles.done()) {
      return finish(roles);
    }
    Node target = roles.target();
    if (roles.writable()) {
      story.tell("%s catches up with %s".formatted(target.name(), roles.source().name()));
      approach(roles);
    }
    Optional<ProxyMove> proxy = prepareProxy(target);
    try {
      Uninterrupted work = new Uninterrupted();
      Duration without = work.call(() -> handOver(roles, proxy, work));
      story.tell(
          "%s is the source; nobody took writes for %d ms"
              .formatted(target.name(), without.toMillis()));
      return new RoleChange(
          target.name(),
          Optional.of(roles.source().name()),
          true,
          Optional.of(without),
          story.moments(),
          story.open());
    } finally {
      proxy.ifPresent(ProxyMove::close);
    }
  }

  /** A change that was killed after its target had become the source. */
  private RoleChange finish(Roles roles) throws IOException {
    if (!roles.writable()) {
      driver.makeSource(roles.target());
      story.tell("%s takes writes".formatted(roles.target().name()));
    } else {
      story.tell("%s is the source already".formatted(roles.target().name()));
      if (!driver.role(roles.target()).equals(RoleGuard.SOURCE)) {
        driver.setRole(roles.target(), RoleGuard.SOURCE);
      }
    }
    List<Node> astray = new ArrayList<>();
    for (Node node : cluster.topology().nodes()) {
      if (!node.equals(roles.target())
          && !driver.observe(node).follows(roles.target().address().value())) {
        astray.add(node);
      }
    }
    new Followers(cluster, driver, story).all(astray, roles.target());
    new Followers(cluster, driver, story).proxyOf(roles.target());
    return new RoleChange(
        roles.target().name(),
        Optional.empty(),
        false,
        Optional.empty(),
        story.moments(),
        story.open());
  }

  private void approach(Roles roles)
      throws IOException, WaitTimeoutException, InterruptedException {
    GtidSet wanted = driver.observe(roles.source()).executed();
    try (Session session = cluster.admin(roles.target(), Duration.ZERO)) {
      awaitInSlices(session, wanted, APPROACH);
    }
  }

  /** In slices, so that it can be stopped. */
  private void awaitInSlices(Session session, GtidSet wanted, Duration limit)
      throws IOException, WaitTimeoutException, InterruptedException {
    SourceReplication replication = cluster.replication(session);
    long deadline = System.nanoTime() + limit.toNanos();
    while (!replication.awaitExecuted(wanted, Duration.ofSeconds(1))) {
      if (Thread.interrupted()) {
        throw new InterruptedException("stopped");
      }
      if (System.nanoTime() > deadline) {
        throw new WaitTimeoutException(
            options.to() + " has all that the source has",
            limit,
            "%d transactions behind".formatted(wanted.subtract(replication.executed()).count()));
      }
    }
  }

  private Optional<ProxyMove> prepareProxy(Node target) throws IOException {
    if (cluster.topology().proxy().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        ProxyMove.prepare(cluster, cluster.topology().proxy().orElseThrow(), target));
  }

  /**
   * @return how long nobody took writes
   */
  private Duration handOver(Roles roles, Optional<ProxyMove> proxy, Uninterrupted work)
      throws IOException, InterruptedException, WaitTimeoutException {
    Node source = roles.source();
    Node target = roles.target();
    Undo undo = new Undo(story);
    // Opened while nobody waits for it.
    try (Session onSource = cluster.admin(source, STATEMENT);
        Session onTarget = cluster.admin(target, STATEMENT)) {
      long refusedSince;
      try {
        notes(source, target, undo);
        work.stopIfTold();
        undo.push(
            source.name() + " takes writes again",
            () -> withSession(source, s -> cluster.replication(s).takeWrites()));
        refusedSince = refuseWrites(source, onSource);
        GtidSet all = cluster.replication(onSource).executed();
        awaitInSlices(onTarget, all, REST);
        story.tell("%s has all that %s has".formatted(target.name(), source.name()));
        work.stopIfTold();
        undo.push(target.name() + " follows " + source.name(), () -> driver.follow(target, source));
        cluster.replication(onTarget).forget();
      } catch (IOException | InterruptedException | WaitTimeoutException e) {
        throw withWhatIsLeft(e, undo.run());
      }
      Followers followers = new Followers(cluster, driver, story);
      CompletableFuture<Boolean> moved =
          proxy
              .map(move -> Background.call(() -> followers.proxy(move)))
              .orElseGet(() -> CompletableFuture.completedFuture(true));
      promote(target, onTarget, undo);
      story.tell("%s takes writes".formatted(target.name()));
      Background.await(moved);
      Duration without = Duration.ofNanos(System.nanoTime() - refusedSince);
      endClients(source, onSource);
      List<Node> rest = new ArrayList<>(roles.others());
      if (!options.retiring()) {
        rest.add(source);
      }
      followers.all(rest, target);
      return without;
    }
  }

  private void notes(Node source, Node target, Undo undo) throws IOException {
    undo.push(
        source.name() + " notes that it is the source",
        () -> driver.setRole(source, RoleGuard.SOURCE));
    undo.push(
        target.name() + " notes that it is a replica",
        () -> driver.setRole(target, RoleGuard.REPLICA));
    driver.setRole(source, RoleGuard.REPLICA);
    driver.setRole(target, RoleGuard.SOURCE);
  }

  /**
   * @return since when it does, as {@link System#nanoTime}
   */
  private long refuseWrites(Node source, Session session) throws MySqlException {
    SourceReplication replication = cluster.replication(session);
    session.run("SET SESSION lock_wait_timeout = " + options.openFor().toSeconds());
    // New writes already wait while those in progress are waited for.
    long begun = System.nanoTime();
    try {
      replication.refuseWrites();
    } catch (MySqlException e) {
      if (e.code() != LOCK_WAIT_TIMEOUT) {
        throw e;
      }
      int ended = ClientSessions.end(session);
      story.tell(
          "statements or LOCK TABLES held up %s for %d s: %d sessions ended"
              .formatted(source.name(), options.openFor().toSeconds(), ended));
      session.run("SET SESSION lock_wait_timeout = " + AFTER_END.toSeconds());
      replication.refuseWrites();
    }
    story.tell("%s refuses writes".formatted(source.name()));
    return begun;
  }

  /** From the moment this works there is no way back. */
  private void promote(Node target, Session session, Undo undo)
      throws IOException, InterruptedException {
    try {
      driver.waitForReplicas(session, true);
      cluster.replication(session).takeWrites();
    } catch (IOException e) {
      // It may have worked though no answer came: only if it certainly takes none now, the old
      // source may again.
      try {
        withSession(target, s -> cluster.replication(s).refuseWrites());
      } catch (IOException second) {
        e.addSuppressed(second);
        throw new RefusedException(
            "%s was told to take writes, and doesn't answer: %s"
                .formatted(target.name(), e.getMessage()),
            List.of("nobody takes writes unless it does"),
            "bring it back, then clusterctl status says who is the source and clusterctl up has the others follow");
      }
      throw withWhatIsLeft(e, undo.run());
    }
  }

  private void endClients(Node source, Session session) {
    try {
      int ended = ClientSessions.end(session);
      if (ended > 0) {
        story.tell("%d sessions of clients ended on %s".formatted(ended, source.name()));
      }
    } catch (MySqlException e) {
      story.leaveOpen(
          "clients of %s may still be connected to it, and be refused: %s"
              .formatted(source.name(), e.getMessage()));
    }
  }

  private static IOException withWhatIsLeft(Exception failure, List<String> left)
      throws InterruptedException {
    if (left.isEmpty() && failure instanceof InterruptedException told) {
      throw told;
    }
    return new FailedException(
        left.isEmpty()
            ? "the roles were not changed, and all is as it was: " + failure.getMessage()
            : "the roles were not changed: " + failure.getMessage(),
        left,
        left.isEmpty() ? "" : "clusterctl status says how it is; clusterctl up makes it right",
        failure);
  }

  private interface Work {
    void on(Session session) throws IOException;
  }

  private void withSession(Node node, Work work) throws IOException {
    try (Session session = cluster.admin(node)) {
      work.on(session);
    }
  }
}
