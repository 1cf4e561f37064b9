package dev.clusterctl.operation.failover;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A client with one connection, that does one thing again and again at an even pace. */
abstract class Client implements Runnable {
  /** Between attempts to connect: soon enough to measure by, without hammering. */
  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(50);

  private final ClientEndpoint endpoint;
  private final ClientEndpoint.Purpose purpose;
  private final int number;
  private final long interval;
  private final ErrorLog errors;
  private final Gaps gaps = new Gaps(System.nanoTime());

  private volatile boolean stopping;
  private volatile long successes;
  private volatile int connects;
  private volatile int failedConnects;
  private volatile @Nullable Connection connection;
  private @Nullable PreparedStatement statement;

  /**
   * @param number 0 or more, unique among the clients of its purpose
   * @param perSecond how often it tries, 1 or more
   */
  Client(
      ClientEndpoint endpoint,
      ClientEndpoint.Purpose purpose,
      int number,
      int perSecond,
      ErrorLog errors) {
    this.endpoint = endpoint;
    this.purpose = purpose;
    this.number = number;
    this.interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.errors = errors;
  }

  /** The statement it runs again and again. */
  abstract String sql();

  /**
   * Runs the statement once.
   *
   * @return the instant at which it succeeded
   */
  abstract long once(PreparedStatement prepared) throws SQLException;

  /** Called for each success, on the client's thread. */
  abstract void succeeded(long at);

  final int number() {
    return number;
  }

  final Gaps gaps() {
    return gaps;
  }

  /** How often it succeeded. */
  final long successes() {
    return successes;
  }

  /** How often it connected again after the first time. */
  final int reconnects() {
    return Math.max(0, connects - 1);
  }

  /** How often nobody took its connection. */
  final int failedConnects() {
    return failedConnects;
  }

  /** Ends it after what it is doing. */
  final void stop() {
    stopping = true;
  }

  /** Ends what it is doing too: its connection is cut. */
  final void cut() {
    Connection current = connection;
    if (current != null) {
      abort(current);
    }
  }

  @Override
  public final void run() {
    long next = System.nanoTime();
    while (!stopping) {
      LockSupport.parkNanos(next - System.nanoTime());
      if (next - System.nanoTime() > 0) {
        continue; // Woken too early.
      }
      if (connected()) {
        attempt();
        // After a stall the pace goes on from here: what wasn't sent isn't made up for in a burst.
        next = Math.max(next + interval, System.nanoTime());
      } else {
        next = System.nanoTime() + RETRY;
      }
    }
    disconnect();
  }

  private void attempt() {
    PreparedStatement prepared = statement;
    if (prepared == null) {
      return;
    }
    try {
      long at = once(prepared);
      successes = successes + 1;
      gaps.success(at);
      succeeded(at);
    } catch (SQLException e) {
      errors.add(
          purpose == ClientEndpoint.Purpose.WRITE ? ErrorLog.Doing.WRITE : ErrorLog.Doing.READ,
          e,
          System.nanoTime());
      if (!ServerErrors.keepsConnection(e)) {
        disconnect();
      }
    }
  }

  private boolean connected() {
    if (connection != null) {
      return true;
    }
    Connection opened = null;
    try {
      opened = endpoint.connect(purpose, number);
      statement = opened.prepareStatement(sql());
      connection = opened;
      connects = connects + 1;
      return true;
    } catch (SQLException e) {
      if (opened != null) {
        abort(opened);
      }
      failedConnects = failedConnects + 1;
      errors.add(ErrorLog.Doing.CONNECT, e, System.nanoTime());
      return false;
    }
  }

  /** Without a goodbye: the other side may be frozen. */
  private void disconnect() {
    Connection current = connection;
    connection = null;
    statement = null;
    if (current != null) {
      abort(current);
    }
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is of no use any more, and its socket is closed in any case.
    }
  }
}
