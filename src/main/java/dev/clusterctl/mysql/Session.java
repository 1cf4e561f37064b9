package dev.clusterctl.mysql;

import dev.clusterctl.dialect.ServerVersion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection to one server. For one thread at a time. */
public final class Session implements AutoCloseable {
  private final String node;
  private final Connection connection;

  Session(String node, Connection connection) {
    this.node = node;
    this.connection = connection;
  }

  /** Rows of a query; parameters for its question marks. */
  public List<Row> query(String sql, Object... parameters) throws MySqlException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        return rows(result);
      }
    } catch (SQLException e) {
      throw MySqlException.of(node, "'" + sql + "'", e);
    }
  }

  /** The first column of the first row; empty where there is no row or it is NULL. */
  public Optional<String> value(String sql, Object... parameters) throws MySqlException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? Optional.ofNullable(result.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw MySqlException.of(node, "'" + sql + "'", e);
    }
  }

  /** Runs a statement that holds no secret: an error shows it. */
  public void run(String sql) throws MySqlException {
    run("'" + sql + "'", sql);
  }

  /**
   * Runs a statement that an error must not show.
   *
   * @param title what it does, for messages
   */
  public void run(String title, String sql) throws MySqlException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw MySqlException.of(node, title, e);
    }
  }

  /** A failure of {@link #jdbc} as one of this server, for those who use it. */
  public MySqlException failed(String what, SQLException e) {
    return MySqlException.of(node, what, e);
  }

  /**
   * The server's version, as it said when the session began. During an upgrade not every server has
   * the one of cluster.yaml.
   */
  public ServerVersion version() throws MySqlException {
    String said;
    try {
      said = connection.getMetaData().getDatabaseProductVersion();
    } catch (SQLException e) {
      throw MySqlException.of(node, "asking for its version", e);
    }
    return ServerVersion.parse(said)
        .orElseThrow(
            () ->
                new MySqlException(
                    "%s: its version is '%s', which is none of MySQL".formatted(node, said),
                    0,
                    "clusterctl manages MySQL servers only",
                    null));
  }

  /** For those who need JDBC itself. */
  public Connection jdbc() {
    return connection;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException ignored) {
      // It is being thrown away; a server that is gone can't be told so.
    }
  }

  private static List<Row> rows(ResultSet result) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    List<Row> rows = new ArrayList<>();
    while (result.next()) {
      Map<String, @Nullable String> values = new HashMap<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        values.put(columns.getColumnLabel(i).toLowerCase(Locale.ROOT), result.getString(i));
      }
      rows.add(new Row(values));
    }
    return rows;
  }
}
