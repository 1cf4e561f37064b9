package dev.clusterctl.operation.failover;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Errors that clients met, counted by what they did and the error's code. */
final class ErrorLog {
  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private long total;

  /** What a client was doing. */
  enum Doing {
    CONNECT,
    WRITE,
    READ
  }

  private record Key(Doing doing, int code, String state) {}

  /**
   * Errors of one kind.
   *
   * @param message of the first one
   * @param first when the first came, as {@link System#nanoTime()}
   * @param last when the last came
   */
  record Entry(
      Doing doing, int code, String state, String message, long count, long first, long last) {
    private Entry oneMore(long at) {
      return new Entry(
          doing, code, state, message, count + 1, Math.min(first, at), Math.max(last, at));
    }
  }

  synchronized void add(Doing doing, SQLException e, long at) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    total++;
    entries.merge(
        new Key(doing, e.getErrorCode(), state),
        new Entry(doing, e.getErrorCode(), state, firstLine(e), 1, at, at),
        (old, one) -> old.oneMore(at));
  }

  synchronized long total() {
    return total;
  }

  synchronized List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  /** When the first error at or after an instant's kind began; empty: there was none. */
  synchronized OptionalLong firstSince(long instant) {
    return entries.values().stream()
        .filter(e -> e.last() >= instant)
        .mapToLong(e -> Math.max(e.first(), instant))
        .min();
  }

  private static String firstLine(SQLException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
  }
}
