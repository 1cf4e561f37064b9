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

/**
 * The tables and the database of a run: made through the clients' way in, removed by the
 * administrator.
 */
final class Workplace {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final LoadTable table;
  private final List<NodeAccess> nodes;

  Workplace(LoadTable table, List<NodeAccess> nodes) {
    this.table = table;
    this.nodes = List.copyOf(nodes);
  }

  /** Makes the tables as the application's user would, so that nothing but the proxy is trusted. */
  void create(ClientEndpoint endpoint) throws SQLException {
    try (Connection connection = endpoint.connect(ClientEndpoint.Purpose.WRITE, 0);
        Statement statement = connection.createStatement()) {
      for (String create : table.create()) {
        statement.execute(create);
      }
    }
  }

  /**
   * The change that is made while a node is away: a row, and a database.
   *
   * @return the node that took it; empty: none of the survivors did
   */
  Optional<NodeAccess> change(List<NodeAccess> survivors) throws InterruptedException {
    return Survivors.write(
        survivors,
        statement -> {
          statement.execute("CREATE DATABASE IF NOT EXISTS " + LoadTable.quoted(table.database()));
          statement.execute(table.insertChange().replaceFirst("^INSERT", "INSERT IGNORE"));
        },
        LIMIT);
  }

  /** Whether the change is on a node. */
  static boolean hasChange(LoadTable table, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return Survivors.number(statement, table.readChange()) == 1
          && !like(connection, "SHOW DATABASES LIKE ?", table.database()).isEmpty();
    }
  }

  /**
   * Removes what this run made and what runs that were killed have left.
   *
   * @return whether a node took it
   */
  boolean remove() throws InterruptedException {
    return Survivors.write(
            nodes,
            statement -> {
              Connection connection = statement.getConnection();
              String tables = "SHOW TABLES FROM " + LoadTable.quoted(table.schema()) + " LIKE ?";
              for (String name : like(connection, tables, LoadTable.likePattern())) {
                if (LoadTable.isOurs(name)) {
                  statement.execute(
                      "DROP TABLE IF EXISTS %s.%s"
                          .formatted(LoadTable.quoted(table.schema()), LoadTable.quoted(name)));
                }
              }
              for (String name :
                  like(connection, "SHOW DATABASES LIKE ?", LoadTable.likePattern())) {
                if (LoadTable.isOurs(name)) {
                  statement.execute("DROP DATABASE IF EXISTS " + LoadTable.quoted(name));
                }
              }
            },
            LIMIT)
        .isPresent();
  }

  /** Waits until each node has what every other one has; says what is missing where. */
  static List<String> awaitApplied(List<NodeAccess> nodes) throws SQLException, IOException {
    return Survivors.awaitApplied(nodes, LIMIT);
  }

  private static List<String> like(Connection connection, String query, String pattern)
      throws SQLException {
    List<String> names = new ArrayList<>();
    try (var statement = connection.prepareStatement(query)) {
      statement.setString(1, pattern);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          names.add(row.getString(1));
        }
      }
    }
    return names;
  }
}
