package dev.clusterctl.operation.copies;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One node's copy of the data, through a session of it. For one thread at a time. */
final class Copy implements AutoCloseable {
  private final String node;
  private final Session session;

  /**
   * @param session of an account that may read everything; belongs to the copy from now on
   */
  Copy(String node, Session session) throws MySqlException {
    this.node = node;
    this.session = session;
    // Every server is to print and compare alike, whatever its defaults are. Without merging, each
    // row's hash is computed once and not once for each use.
    session.run(
        "SET SESSION time_zone = '+00:00', sql_mode = '', optimizer_switch = 'derived_merge=off',"
            + " innodb_lock_wait_timeout = 3");
    session.run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  }

  /**
   * What a part of a table holds.
   *
   * @param first sum of 64 bits of each row's hash, in decimal
   * @param second sum of another 64 bits
   */
  record Sum(long rows, String first, String second) {}

  /** The node's name. */
  String node() {
    return node;
  }

  /** The transactions that it has. */
  GtidSet executed() throws MySqlException {
    return GtidSet.parse(session.value("SELECT @@GLOBAL.gtid_executed").orElse(""));
  }

  /**
   * Waits until it has all of some transactions.
   *
   * @param limit in whole seconds, at least 1
   * @return whether it has
   */
  boolean await(GtidSet wanted, Duration limit) throws MySqlException {
    return wanted.isEmpty()
        || session
            .value(
                "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?)",
                wanted.toString(),
                Math.max(1, limit.toSeconds()))
            .orElse("1")
            .equals("0");
  }

  Map<TableName, TableShape> tables() throws MySqlException {
    return TableShape.all(session);
  }

  /** What a part of a table holds now. */
  Sum sum(TableShape table, KeyRange range) throws MySqlException {
    return sum(table.sum(range, false));
  }

  private Sum sum(String sql) throws MySqlException {
    Row row = session.query(sql).get(0);
    return new Sum(row.number("n"), row.text("a"), row.text("b"));
  }

  /**
   * Begins a transaction in which the rows of a part, and the gaps between them, stay as they are;
   * {@link #release} ends it.
   */
  Sum lock(TableShape table, KeyRange range) throws MySqlException {
    session.run("START TRANSACTION");
    return sum(table.sum(range, true));
  }

  /**
   * What the locked rows hold, to see that they are locked still: a group takes the locks of
   * somebody whom its own transactions would have to wait for.
   */
  Sum locked(TableShape table, KeyRange range) throws MySqlException {
    return sum(table.sum(range, true));
  }

  /** Ends what {@link #lock} began. */
  void release() throws MySqlException {
    session.run("ROLLBACK");
  }

  /** The hash of each row of a part, by its key; with equal keys (without a key) several. */
  Map<List<String>, List<String>> rows(TableShape table, KeyRange range) throws MySqlException {
    Map<List<String>, List<String>> rows = new HashMap<>();
    for (Row row : session.query(table.rows(range))) {
      rows.computeIfAbsent(table.keyOf(row), k -> new ArrayList<>()).add(row.text("d"));
    }
    return rows;
  }

  /**
   * The next part of a table.
   *
   * @param after the key after which it begins; empty: the beginning
   * @param size how many rows; the last part has fewer, and is open at its end
   */
  KeyRange next(TableShape table, List<String> after, int size) throws MySqlException {
    if (table.key().isEmpty()) {
      return KeyRange.ALL;
    }
    Optional<List<String>> last =
        session.query(table.boundary(new KeyRange(after, List.of()), size)).stream()
            .findFirst()
            .map(table::keyOf);
    return new KeyRange(after, last.orElse(List.of()));
  }

  @Override
  public void close() {
    session.close();
  }
}
