package dev.clusterctl.operation.failover;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Makes a change while clients write and read, and finds out what they felt and whether anything
 * they were promised got lost. Whatever happens, what the load wrote is removed. An object is for
 * one run.
 */
public final class ChangeUnderLoad {
  private static final Duration FLOW_LIMIT = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final List<NodeAccess> nodes;
  private final ClientEndpoint endpoint;
  private final ChangeOptions options;
  private final FailoverProgress progress;
  private final LoadTable table;
  private final Workplace workplace;

  /**
   * @param nodes every node: all of them must have the same rows afterwards
   * @param endpoint where clients connect, as the application's user
   */
  public ChangeUnderLoad(
      List<NodeAccess> nodes,
      ClientEndpoint endpoint,
      ChangeOptions options,
      FailoverProgress progress) {
    this.nodes = List.copyOf(nodes);
    this.endpoint = endpoint;
    this.options = options;
    this.progress = progress;
    this.table = new LoadTable(newRun(), options.schema());
    this.workplace = new Workplace(table, nodes);
  }

  /**
   * What the change gave, and what clients felt of it.
   *
   * @param result what the change returned
   */
  public record Result<T>(T result, ChangeReport report) {}

  /**
   * Makes the change.
   *
   * @throws Exception whatever the change throws; {@link IOException} where clients don't get
   *     through before it
   */
  public <T> Result<T> run(Callable<T> change) throws Exception {
    try {
      workplace.remove();
      workplace.create(endpoint);
      List<String> missing = Workplace.awaitApplied(nodes);
      if (!missing.isEmpty()) {
        throw new IOException("the nodes differ before the change: " + String.join("; ", missing));
      }
      return underLoad(change);
    } finally {
      boolean interrupted = Thread.interrupted();
      if (!workplace.remove()) {
        progress.message(
            "no node took the removal of %s.%s: the next run removes it"
                .formatted(table.schema(), table.name()));
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> Result<T> underLoad(Callable<T> change) throws Exception {
    try (Load load =
        new Load(
            endpoint, table, options.writers(), options.readers(), options.writesPerSecond())) {
      ScheduledExecutorService ticker = tickerOf(load);
      try {
        load.start();
        awaitFlow(load);
        Thread.sleep(options.around().toMillis());
        load.measure();
        load.enter(Phase.DURING);
        long begun = System.nanoTime();
        T result = change.call();
        load.enter(Phase.AFTER);
        Thread.sleep(options.around().toMillis());
        load.stop();
        ticker.shutdownNow();
        return new Result<>(result, verify(load, begun));
      } finally {
        ticker.shutdownNow();
      }
    }
  }

  private void awaitFlow(Load load) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + FLOW_LIMIT.toNanos();
    while (!load.flows()) {
      if (deadline - System.nanoTime() < 0) {
        throw new IOException(
            "clients don't get through %s within %d s: %s"
                .formatted(
                    endpoint.description(),
                    FLOW_LIMIT.toSeconds(),
                    load.errors().entries().stream()
                        .map(e -> e.code() + " " + e.message())
                        .findFirst()
                        .orElse("no error, no answer")));
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  private ChangeReport verify(Load load, long begun) throws IOException, SQLException {
    List<String> missing = Workplace.awaitApplied(nodes);
    Verifier verifier = new Verifier(load, table);
    for (NodeAccess node : nodes) {
      try (Connection connection = node.connect()) {
        verifier.read(node.name().value(), connection);
      }
    }
    Verification verification = verifier.result();
    return new ChangeReport(
        endpoint.description(),
        load.since(begun),
        load.writeTraffic(verifier.writeNodes()),
        load.readTraffic(),
        FailoverTest.errors(load),
        verification,
        missing);
  }

  private ScheduledExecutorService tickerOf(Load load) {
    ScheduledExecutorService ticker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "load-ticker");
              thread.setDaemon(true);
              return thread;
            });
    long[] before = new long[3];
    ticker.scheduleAtFixedRate(
        () -> {
          long[] now = {load.writes(), load.reads(), load.errors().total()};
          progress.second(
              new FailoverProgress.Second(
                  load.elapsed(),
                  now[0] - before[0],
                  now[1] - before[1],
                  now[2] - before[2],
                  load.recentReadNodes(),
                  load.newestWriteNode()));
          System.arraycopy(now, 0, before, 0, now.length);
        },
        1,
        1,
        TimeUnit.SECONDS);
    return ticker;
  }

  /** Sorts by time, and no two are the same: 14 digits of time, 4 of chance. */
  static String newRun() {
    return DateTimeFormatter.ofPattern("yyyyMMddHHmmss")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now())
        + "x%04x".formatted(new SecureRandom().nextInt(0x10000));
  }
}
