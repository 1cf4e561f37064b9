package dev.clusterctl.operation.files;

import dev.clusterctl.mysql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Looks again and again which files a node has, to see when each arrives. */
final class Arrivals implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(50);

  private final UploadTables tables;
  private final Session session;
  private final Thread thread;
  private final Map<Integer, Long> seen = new ConcurrentHashMap<>();
  private final AtomicReference<SQLException> failure = new AtomicReference<>();
  private volatile boolean stopping;

  /**
   * @param session belongs to it from now on
   */
  Arrivals(String node, UploadTables tables, Session session) {
    this.tables = tables;
    this.session = session;
    this.thread = new Thread(this::work, "arrivals-" + node);
    thread.setDaemon(true);
    thread.start();
  }

  private void work() {
    try {
      while (!stopping) {
        Set<Integer> there = tables.complete(session.jdbc());
        long now = System.nanoTime();
        there.forEach(id -> seen.putIfAbsent(id, now));
        Thread.sleep(LOOK.toMillis());
      }
    } catch (SQLException e) {
      failure.set(e);
    } catch (InterruptedException e) {
      // Told to stop.
    }
  }

  /**
   * When each file was first seen, by {@link System#nanoTime}.
   *
   * @throws SQLException if the node can't be asked any more
   */
  Map<Integer, Long> seen() throws SQLException {
    SQLException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
    return Map.copyOf(seen);
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join(LOOK.toMillis() * 100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    session.close();
  }
}
