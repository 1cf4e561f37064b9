package dev.clusterctl.operation.failover;

import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.topology.IpAddress;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Takes a node of a healthy group down while clients write and read, brings it back, and finds out
 * what they felt and whether anything they were promised got lost. However it ends, the node is
 * healed and what the test made is removed. An object is for one run.
 */
public final class FailoverTest {
  /** How long clients may take to get through before anything is broken. */
  private static final Duration FLOW_LIMIT = Duration.ofSeconds(30);

  /** What systemd gets to restart what was killed: its default is 0.1 s. */
  private static final Duration RESTART_LIMIT = Duration.ofSeconds(10);

  /** What the machine waits longer than we mean to, before it heals itself. */
  private static final Duration SELF_HEAL_MARGIN = Duration.ofMinutes(5);

  private final List<NodeAccess> nodes;
  private final List<IpAddress> proxies;
  private final ClientEndpoint endpoint;
  private final FailoverOptions options;
  private final FailoverProgress progress;
  private final LoadTable table;
  private final Workplace workplace;
  private final List<String> notes = new ArrayList<>();
  private final List<FailoverReport.Moment> timeline = new ArrayList<>();

  /**
   * @param nodes every member of the group
   * @param proxies addresses of the proxies: a node that is cut off is cut off from them too
   * @param endpoint where clients connect, as the application's user
   * @throws IllegalArgumentException if the node to take down isn't among the nodes
   */
  public FailoverTest(
      List<NodeAccess> nodes,
      List<IpAddress> proxies,
      ClientEndpoint endpoint,
      FailoverOptions options,
      FailoverProgress progress) {
    this.nodes = List.copyOf(nodes);
    this.proxies = List.copyOf(proxies);
    this.endpoint = endpoint;
    this.options = options;
    this.progress = progress;
    this.table = new LoadTable(ChangeUnderLoad.newRun(), options.schema());
    this.workplace = new Workplace(table, nodes);
    if (this.nodes.stream().noneMatch(n -> n.name().equals(options.node()))) {
      throw new IllegalArgumentException(
          "%s isn't a node of the cluster; its nodes are %s"
              .formatted(options.node(), this.nodes.stream().map(NodeAccess::name).toList()));
    }
  }

  /**
   * Makes the test.
   *
   * @throws RemoteException if a machine can't be worked on
   * @throws IOException if a machine can't be reached
   * @throws SQLException if a server refuses what the test needs
   * @throws InterruptedException if the thread was interrupted; all is healed and removed then
   */
  public FailoverResult run() throws IOException, SQLException, InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    Thread guard = guardOf(Thread.currentThread(), over);
    try {
      progress.phase("look at the group");
      healLeftovers();
      List<String> reasons = reasonsAgainst();
      return reasons.isEmpty() ? testAndRemove() : new FailoverResult.NotPossible(reasons);
    } finally {
      over.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(guard);
      } catch (IllegalStateException e) {
        // The machine we run on is shutting down: the guard is what made us end.
      }
    }
  }

  /** Whoever ends this process ends the test in an orderly way first. */
  private static Thread guardOf(Thread test, CountDownLatch over) {
    Thread guard =
        new Thread(
            () -> {
              test.interrupt();
              try {
                over.await(2, TimeUnit.MINUTES);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "failover-guard");
    Runtime.getRuntime().addShutdownHook(guard);
    return guard;
  }

  private void healLeftovers() throws RemoteException {
    for (NodeAccess node : nodes) {
      if (FaultSite.healLeftovers(node.remote())) {
        note("%s was still down from an earlier test; it was healed".formatted(node.name()));
        NodeReturn back = new NodeReturn(node, othersThan(node), siteOf(node), this::note);
        try {
          back.await(options.returnWithin());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private List<String> reasonsAgainst() {
    List<String> reasons = new ArrayList<>();
    for (NodeAccess node : nodes) {
      try (Connection connection = node.connect()) {
        GroupView view = GroupView.seenBy(connection);
        if (!view.isOnline()) {
          reasons.add("%s is %s, not ONLINE".formatted(node.name(), view.own()));
        } else if (view.online() != nodes.size()) {
          reasons.add(
              "%s sees %d members ONLINE, not %d"
                  .formatted(node.name(), view.online(), nodes.size()));
        }
      } catch (SQLException | IOException e) {
        reasons.add("%s can't be asked: %s".formatted(node.name(), e.getMessage()));
      }
    }
    return reasons;
  }

  private FailoverResult testAndRemove() throws IOException, SQLException, InterruptedException {
    try {
      workplace.remove();
      progress.phase("make the tables");
      try {
        workplace.create(endpoint);
      } catch (SQLException e) {
        return new FailoverResult.NotPossible(
            List.of(
                "clients can't make a table through %s: %s"
                    .formatted(endpoint.description(), e.getMessage())));
      }
      List<String> missing = Workplace.awaitApplied(nodes);
      return missing.isEmpty() ? testUnderLoad() : new FailoverResult.NotPossible(missing);
    } finally {
      uninterrupted(this::remove);
    }
  }

  private FailoverResult testUnderLoad() throws IOException, SQLException, InterruptedException {
    try (Load load =
        new Load(
            endpoint, table, options.writers(), options.readers(), options.writesPerSecond())) {
      ScheduledExecutorService ticker = tickerOf(load);
      try {
        progress.phase("load");
        load.start();
        if (!flows(load)) {
          return new FailoverResult.NotPossible(
              List.of(
                  "clients don't get through %s within %d s: %s"
                      .formatted(endpoint.description(), FLOW_LIMIT.toSeconds(), errorsOf(load))));
        }
        Thread.sleep(options.warmUp().toMillis());
        load.measure();
        return faultAndReturn(load, ticker);
      } finally {
        ticker.shutdownNow();
      }
    }
  }

  private FailoverResult faultAndReturn(Load load, ScheduledExecutorService ticker)
      throws IOException, SQLException, InterruptedException {
    NodeAccess node = target();
    List<NodeAccess> others = othersThan(node);
    FaultSite site = siteOf(node);
    long faultAt;
    boolean changed;
    try {
      progress.phase(options.fault().how() + " " + options.node());
      int pidBefore = site.service().mainPid();
      site.arm(options.downFor().plus(SELF_HEAL_MARGIN));
      load.enter(Phase.DURING);
      faultAt = System.nanoTime();
      moment(load, "%s: %s".formatted(node.name(), options.fault().description()));
      String means = site.inject();
      if (!means.isEmpty()) {
        note("%s was cut off %s".formatted(node.name(), means));
      }
      changed = stayDown(load, site, others, pidBefore);
    } finally {
      // Told to stop or not: first of all the node comes back.
      uninterrupted(() -> heal(load, site));
    }
    progress.phase("wait for " + node.name());
    NodeReturn back = new NodeReturn(node, others, site, text -> noteAt(load, text));
    OptionalLong returnedAt = back.await(options.returnWithin());
    if (returnedAt.isPresent()) {
      Duration settled = Duration.ofNanos(System.nanoTime() - returnedAt.getAsLong());
      moment(load.elapsed().minus(settled), node.name() + " is ONLINE again for every member");
    } else {
      moment(load, "%s isn't back: %s".formatted(node.name(), back.last()));
    }
    load.enter(Phase.AFTER);
    progress.phase("load afterwards");
    Thread.sleep(options.coolDown().toMillis());
    load.stop();
    ticker.shutdownNow();
    moment(load, "the load ended");
    return verify(load, faultAt, returnedAt, back.last(), changed);
  }

  /** Until it is time to heal; meanwhile the change is made. */
  private boolean stayDown(Load load, FaultSite site, List<NodeAccess> others, int pidBefore)
      throws RemoteException, InterruptedException {
    long down = System.nanoTime();
    if (options.fault() instanceof Fault.Kill) {
      awaitRestart(load, site, pidBefore, down);
    } else {
      moment(load, options.node() + " is down");
    }
    Optional<NodeAccess> changedOn = workplace.change(others);
    moment(
        load,
        changedOn
            .map(n -> "a row and a database were made on " + n.name())
            .orElse("no survivor took the change that was to be made meanwhile"));
    if (!(options.fault() instanceof Fault.Kill)) {
      long left = options.downFor().toNanos() - (System.nanoTime() - down);
      TimeUnit.NANOSECONDS.sleep(left);
    }
    return changedOn.isPresent();
  }

  private void awaitRestart(Load load, FaultSite site, int pidBefore, long killed)
      throws RemoteException, InterruptedException {
    while (System.nanoTime() - killed < RESTART_LIMIT.toNanos()) {
      FaultSite.Service service = site.service();
      boolean newProcess = service.mainPid() > 0 && service.mainPid() != pidBefore;
      if (newProcess) {
        moment(load, "systemd has restarted MySQL on " + options.node());
        return;
      }
      Thread.sleep(100);
    }
    noteAt(
        load,
        "systemd didn't restart MySQL on %s within %d s; clusterctl starts it"
            .formatted(options.node(), RESTART_LIMIT.toSeconds()));
  }

  private void heal(Load load, FaultSite site) {
    try {
      site.heal();
      moment(load, options.node() + " was healed");
    } catch (RemoteException e) {
      noteAt(
          load,
          "%s couldn't be healed (its own timer will try): %s %s"
              .formatted(options.node(), e.getMessage(), String.join(" / ", e.lastLines())));
    }
  }

  private FailoverResult verify(
      Load load, long faultAt, OptionalLong returnedAt, String lastSeen, boolean changed)
      throws IOException, SQLException {
    progress.phase("verify");
    List<NodeAccess> comparable = returnedAt.isPresent() ? nodes : othersThan(target());
    List<String> missing = Workplace.awaitApplied(comparable);
    Verifier verifier = new Verifier(load, table);
    // Survivors first: which node took a row is told by the first copy that is read.
    for (NodeAccess node : survivorsFirst(comparable)) {
      try (Connection connection = node.connect()) {
        verifier.read(node.name().value(), connection);
      }
    }
    boolean hasChange = false;
    if (returnedAt.isPresent()) {
      try (Connection connection = target().connect()) {
        hasChange = changed && Workplace.hasChange(table, connection);
      }
    } else {
      verifier.skip(options.node().value(), lastSeen);
    }
    Verification verification = verifier.result();
    Traffic writes = load.writeTraffic(verifier.writeNodes());
    Optional<Duration> recovery = recovery(load, writes, faultAt);
    Optional<Duration> returned =
        returnedAt.isPresent()
            ? Optional.of(Duration.ofNanos(returnedAt.getAsLong() - faultAt))
            : Optional.empty();
    OptionalLong firstError = load.errors().firstSince(faultAt);
    return new FailoverResult.Finished(
        new FailoverReport(
            table.run(),
            options,
            endpoint.description(),
            timeline,
            load.since(faultAt),
            writes,
            load.readTraffic(),
            errors(load),
            firstError.isPresent()
                ? Optional.of(Duration.ofNanos(firstError.getAsLong() - faultAt))
                : Optional.empty(),
            recovery,
            returned,
            verification,
            notes,
            Checks.of(options, writes, verification, returned, lastSeen, missing, hasChange)));
  }

  /** A gap that lasts to the end of the load wasn't a recovery. */
  private Optional<Duration> recovery(Load load, Traffic writes, long faultAt) {
    Duration end = writes.longestGap().to();
    boolean everAgain = end.compareTo(load.end()) < 0;
    Duration after = end.minus(load.since(faultAt));
    return everAgain ? Optional.of(after.isNegative() ? Duration.ZERO : after) : Optional.empty();
  }

  /** What clients met, for a report. */
  static List<FailoverReport.Error> errors(Load load) {
    return load.errors().entries().stream()
        .map(
            e ->
                new FailoverReport.Error(
                    e.doing().name().toLowerCase(Locale.ROOT),
                    e.code(),
                    e.state(),
                    e.message(),
                    e.count(),
                    load.since(e.first()),
                    load.since(e.last())))
        .toList();
  }

  private static String errorsOf(Load load) {
    return load.errors().entries().stream()
        .map(e -> e.code() + " " + e.message())
        .findFirst()
        .orElse("no error, no answer");
  }

  private static boolean flows(Load load) throws InterruptedException {
    long deadline = System.nanoTime() + FLOW_LIMIT.toNanos();
    while (!load.flows()) {
      if (deadline - System.nanoTime() < 0) {
        return false;
      }
      Thread.sleep(50);
    }
    return true;
  }

  private void remove() {
    try {
      if (!workplace.remove()) {
        progress.message(
            "No node took the removal of %s and of database %s: the next fail-over test, or DROP, removes them"
                .formatted(table.schema() + "." + table.name(), table.database()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ScheduledExecutorService tickerOf(Load load) {
    ScheduledExecutorService ticker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "failover-ticker");
              thread.setDaemon(true);
              return thread;
            });
    Map<String, Long> before = new HashMap<>();
    ticker.scheduleAtFixedRate(() -> tick(load, before), 1, 1, TimeUnit.SECONDS);
    return ticker;
  }

  private void tick(Load load, Map<String, Long> before) {
    progress.second(
        new FailoverProgress.Second(
            load.elapsed(),
            more(before, "writes", load.writes()),
            more(before, "reads", load.reads()),
            more(before, "errors", load.errors().total()),
            load.recentReadNodes(),
            load.newestWriteNode()));
  }

  private static long more(Map<String, Long> before, String what, long now) {
    Long old = before.put(what, now);
    return now - (old == null ? 0 : old);
  }

  private NodeAccess target() {
    return nodes.stream().filter(n -> n.name().equals(options.node())).findFirst().orElseThrow();
  }

  private List<NodeAccess> othersThan(NodeAccess node) {
    return nodes.stream().filter(n -> !n.name().equals(node.name())).toList();
  }

  private List<NodeAccess> survivorsFirst(List<NodeAccess> some) {
    return Stream.concat(
            some.stream().filter(n -> !n.name().equals(options.node())),
            some.stream().filter(n -> n.name().equals(options.node())))
        .toList();
  }

  private FaultSite siteOf(NodeAccess node) {
    List<IpAddress> peers =
        Stream.concat(othersThan(node).stream().map(NodeAccess::address), proxies.stream())
            .toList();
    return new FaultSite(
        node.remote(), options.fault(), new Fault.Target(node.service(), peers), table.run());
  }

  private void moment(Load load, String what) {
    moment(load.elapsed(), what);
  }

  private void moment(Duration at, String what) {
    timeline.add(new FailoverReport.Moment(at, what));
    progress.message(what);
  }

  private void noteAt(Load load, String what) {
    timeline.add(new FailoverReport.Moment(load.elapsed(), what));
    note(what);
  }

  private void note(String text) {
    notes.add(text);
    progress.message(text);
  }

  /** Runs something to its end also for a thread that was told to stop, which it learns after. */
  private static void uninterrupted(Runnable work) {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
