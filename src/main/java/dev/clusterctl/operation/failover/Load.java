package dev.clusterctl.operation.failover;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * Clients that write and read all the time, and remember what they felt. Made, started, told when
 * the fault comes and when it is over, stopped, asked: each once, in this order, by one thread.
 */
final class Load implements AutoCloseable {
  /** Longer than any time-out of a client adds up to. */
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final LoadTable table;
  private final ErrorLog errors = new ErrorLog();
  private final List<Writer> writers = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final long start = System.nanoTime();
  private final Gaps writeGaps = new Gaps(start);
  private final Gaps readGaps = new Gaps(start);
  private final Map<Phase, Map<String, LongAdder>> readNodes = new ConcurrentHashMap<>();
  private final Map<Phase, Mark> ends = new EnumMap<>(Phase.class);
  private final Set<String> recentReadNodes = ConcurrentHashMap.newKeySet();
  private volatile Phase phase = Phase.BEFORE;
  private volatile String newestWriteNode = "";
  private Mark begin = new Mark(start, 0, 0, new int[0]);

  /** How far everything was at an instant; {@code attempts} by writer. */
  private record Mark(long at, long writes, long reads, int[] attempts) {}

  /**
   * @param perSecond what each client aims at
   */
  Load(ClientEndpoint endpoint, LoadTable table, int writers, int readers, int perSecond) {
    this.table = table;
    for (int i = 0; i < writers; i++) {
      this.writers.add(new Writer(endpoint, i, perSecond));
    }
    for (int i = 0; i < readers; i++) {
      this.readers.add(new Reader(endpoint, i, writers, perSecond));
    }
  }

  void start() {
    for (Client client : clients()) {
      Thread thread = new Thread(client, "load-" + threads.size());
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Whether every client has succeeded since it was started. */
  boolean flows() {
    return clients().stream().allMatch(c -> c.successes() > 0);
  }

  /** From here on is measured; what was before only warmed up. */
  void measure() {
    clients().forEach(c -> c.gaps().forget());
    writeGaps.forget();
    readGaps.forget();
    begin = mark();
  }

  /** A phase is over, and the next one begins. */
  void enter(Phase next) {
    ends.put(phase, mark());
    phase = next;
  }

  /** Since the load began. */
  Duration elapsed() {
    return since(System.nanoTime());
  }

  Duration since(long instant) {
    return Duration.ofNanos(instant - start);
  }

  /** When the load ended, or the last phase that is over. */
  Duration end() {
    return since(lastMark().at());
  }

  /** Ends the load; what the clients are doing is waited for. */
  void stop() throws InterruptedException {
    clients().forEach(Client::stop);
    long deadline = System.nanoTime() + END_LIMIT.toNanos();
    for (Thread thread : threads) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }
    clients().forEach(Client::cut);
    for (Thread thread : threads) {
      thread.join();
    }
    ends.put(phase, mark());
  }

  /** Ends the load at once, when nobody will ask it any more. */
  @Override
  public void close() {
    clients().forEach(Client::stop);
    clients().forEach(Client::cut);
  }

  List<Ledger> ledgers() {
    return writers.stream().map(w -> w.ledger).toList();
  }

  ErrorLog errors() {
    return errors;
  }

  long writes() {
    return total(writers);
  }

  long reads() {
    return total(readers);
  }

  /** The node that took the newest row that a reader saw; empty: none did. */
  String newestWriteNode() {
    return newestWriteNode;
  }

  /** The nodes that have answered reads since this was asked last. */
  Set<String> recentReadNodes() {
    Set<String> nodes = new HashSet<>(recentReadNodes);
    recentReadNodes.removeAll(nodes);
    return nodes;
  }

  /** In which phase a row was sent. */
  Phase phaseOf(int writer, long seq) {
    for (Phase p : Phase.values()) {
      Mark end = ends.get(p);
      if (end != null && seq < end.attempts()[writer]) {
        return p;
      }
    }
    return phase;
  }

  /** What writers felt; the nodes are known once the rows are read again. */
  Traffic writeTraffic(Map<Phase, Map<String, Long>> nodes) {
    return traffic(writers, writeGaps, Mark::writes, nodes);
  }

  Traffic readTraffic() {
    Map<Phase, Map<String, Long>> nodes = new EnumMap<>(Phase.class);
    readNodes.forEach(
        (p, counts) -> {
          Map<String, Long> sums = new TreeMap<>();
          counts.forEach((node, count) -> sums.put(node, count.sum()));
          nodes.put(p, sums);
        });
    return traffic(readers, readGaps, Mark::reads, nodes);
  }

  private Traffic traffic(
      List<? extends Client> clients,
      Gaps overall,
      ToLongFunction<Mark> count,
      Map<Phase, Map<String, Long>> nodes) {
    long end = lastMark().at();
    Map<Phase, Double> rates = new EnumMap<>(Phase.class);
    Mark from = begin;
    for (Phase p : Phase.values()) {
      Mark to = ends.get(p);
      if (to != null) {
        rates.put(p, rate(count.applyAsLong(to) - count.applyAsLong(from), to.at() - from.at()));
        from = to;
      }
    }
    return new Traffic(
        total(clients),
        span(overall.longest(end)),
        clients.stream().map(c -> span(c.gaps().longest(end))).toList(),
        clients.stream().mapToInt(Client::reconnects).sum(),
        clients.stream().mapToInt(Client::failedConnects).sum(),
        rates,
        nodes);
  }

  private Traffic.Span span(Gaps.Gap gap) {
    return new Traffic.Span(since(gap.from()), since(gap.to()));
  }

  private Mark lastMark() {
    return ends.values().stream()
        .reduce((one, other) -> other.at() > one.at() ? other : one)
        .orElse(begin);
  }

  private Mark mark() {
    return new Mark(
        System.nanoTime(),
        writes(),
        reads(),
        writers.stream().mapToInt(w -> w.ledger.attempts()).toArray());
  }

  private List<Client> clients() {
    List<Client> all = new ArrayList<>(writers);
    all.addAll(readers);
    return all;
  }

  private static long total(List<? extends Client> clients) {
    return clients.stream().mapToLong(Client::successes).sum();
  }

  private static double rate(long count, long nanos) {
    return nanos <= 0 ? 0 : count * 1e9 / nanos;
  }

  private final class Writer extends Client {
    private final Ledger ledger;

    Writer(ClientEndpoint endpoint, int number, int perSecond) {
      super(endpoint, ClientEndpoint.Purpose.WRITE, number, perSecond, errors);
      ledger = new Ledger(number);
    }

    @Override
    String sql() {
      return table.insert();
    }

    @Override
    long once(PreparedStatement prepared) throws SQLException {
      int seq = ledger.next();
      try {
        prepared.setInt(1, ledger.writer());
        prepared.setInt(2, seq);
        prepared.setLong(3, Ledger.token(table.run(), ledger.writer(), seq));
        prepared.executeUpdate();
        ledger.acknowledged(seq);
        return System.nanoTime();
      } catch (SQLException e) {
        if (ServerErrors.isRefusal(e)) {
          ledger.refused(seq);
        }
        throw e;
      }
    }

    @Override
    void succeeded(long at) {
      writeGaps.success(at);
    }
  }

  private final class Reader extends Client {
    private final int writersToWatch;

    Reader(ClientEndpoint endpoint, int number, int writers, int perSecond) {
      super(endpoint, ClientEndpoint.Purpose.READ, number, perSecond, errors);
      writersToWatch = writers;
    }

    @Override
    String sql() {
      return table.readNewest();
    }

    @Override
    long once(PreparedStatement prepared) throws SQLException {
      prepared.setInt(1, number() % writersToWatch);
      try (ResultSet row = prepared.executeQuery()) {
        row.next();
        String node = row.getString(1);
        String writeNode = row.getString(2);
        long at = System.nanoTime();
        readNodes
            .computeIfAbsent(phase, p -> new ConcurrentHashMap<>())
            .computeIfAbsent(node, n -> new LongAdder())
            .increment();
        recentReadNodes.add(node);
        if (writeNode != null) {
          newestWriteNode = writeNode;
        }
        return at;
      }
    }

    @Override
    void succeeded(long at) {
      readGaps.success(at);
    }
  }
}
