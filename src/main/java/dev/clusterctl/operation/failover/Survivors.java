package dev.clusterctl.operation.failover;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an administrator does on nodes that take writes, and with the group's GTIDs. */
final class Survivors {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private Survivors() {}

  /** Statements that may be run again where it isn't clear whether they were. */
  @FunctionalInterface
  interface Work {
    void on(Statement statement) throws SQLException;
  }

  /**
   * Does something on the first of the nodes that is ONLINE and writable; where none is, or it
   * fails, tries again.
   *
   * @return the node that took it; empty: none did in time
   */
  static Optional<NodeAccess> write(List<NodeAccess> nodes, Work work, Duration limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    do {
      for (NodeAccess node : nodes) {
        try (Connection connection = node.connect();
            Statement statement = connection.createStatement()) {
          if (GroupView.seenBy(connection).mayCommit()
              && number(statement, "SELECT @@global.super_read_only") == 0) {
            work.on(statement);
            return Optional.of(node);
          }
        } catch (SQLException | IOException e) {
          // Another node, or the same one a little later: an election may be under way.
        }
      }
      Thread.sleep(PAUSE.toMillis());
    } while (deadline - System.nanoTime() > 0);
    return Optional.empty();
  }

  /**
   * Waits until each of the nodes has applied all that any of them has.
   *
   * @return what is missing where; empty: nothing
   */
  static List<String> awaitApplied(List<NodeAccess> nodes, Duration limit)
      throws SQLException, IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    List<String> sets = new ArrayList<>();
    for (NodeAccess node : nodes) {
      try (Connection connection = node.connect();
          Statement statement = connection.createStatement()) {
        sets.add(text(statement, "SELECT @@global.gtid_executed"));
      }
    }
    List<String> missing = new ArrayList<>();
    for (NodeAccess node : nodes) {
      try (Connection connection = node.connect()) {
        for (int i = 0; i < sets.size(); i++) {
          String lacking = awaitSet(connection, sets.get(i), deadline);
          if (!lacking.isEmpty()) {
            missing.add(
                "%s hasn't applied %s, which %s has"
                    .formatted(node.name(), lacking, nodes.get(i).name()));
          }
        }
      }
    }
    return missing;
  }

  /** What the server still lacks of a set when the time is over; empty: nothing. */
  private static String awaitSet(Connection connection, String set, long deadline)
      throws SQLException {
    if (set.isBlank()) {
      return "";
    }
    // In slices: an answer must come within the connection's time-out.
    try (var wait = connection.prepareStatement("SELECT WAIT_FOR_EXECUTED_GTID_SET(?, 1)")) {
      wait.setString(1, set);
      do {
        try (ResultSet row = wait.executeQuery()) {
          row.next();
          if (row.getInt(1) == 0) {
            return "";
          }
        }
      } while (deadline - System.nanoTime() > 0);
    }
    try (var subtract =
        connection.prepareStatement("SELECT GTID_SUBTRACT(?, @@global.gtid_executed)")) {
      subtract.setString(1, set);
      try (ResultSet row = subtract.executeQuery()) {
        row.next();
        return row.getString(1).replaceAll("\\s+", "");
      }
    }
  }

  static String text(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() && row.getString(1) != null ? row.getString(1) : "";
    }
  }

  static long number(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
