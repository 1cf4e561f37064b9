package dev.clusterctl.proxy;

import com.mysql.cj.jdbc.Driver;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** A client's connection to a port of a proxy. For one thread. */
public final class ThroughProxy implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;

  private final Connection connection;

  /**
   * The server that answered.
   *
   * @param uuid its server_uuid
   * @param role {@code PRIMARY}, {@code SECONDARY}; empty outside of a group
   */
  public record Answer(
      String uuid, String hostname, String role, boolean superReadOnly, String version) {}

  private ThroughProxy(Connection connection) {
    this.connection = connection;
  }

  /**
   * Connects.
   *
   * @param host where the proxy, or a tunnel to it, listens
   * @throws SQLException if nobody lets the client in
   */
  public static ThroughProxy connect(
      String host, int port, String user, String password, boolean tls) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslMode", tls ? "REQUIRED" : "DISABLED");
    properties.setProperty("allowPublicKeyRetrieval", String.valueOf(!tls));
    properties.setProperty("connectTimeout", String.valueOf(TIMEOUT_MS));
    properties.setProperty("socketTimeout", String.valueOf(TIMEOUT_MS));
    Connection connection =
        new Driver().connect("jdbc:mysql://" + host + ":" + port + "/", properties);
    if (connection == null) {
      throw new IllegalStateException("Connector/J doesn't know its own URL");
    }
    return new ThroughProxy(connection);
  }

  /** Who is at the other end. */
  public Answer ask() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT @@server_uuid, @@hostname, COALESCE((SELECT MEMBER_ROLE FROM"
                    + " performance_schema.replication_group_members WHERE MEMBER_ID ="
                    + " @@server_uuid), ''), @@GLOBAL.super_read_only, @@version")) {
      row.next();
      return new Answer(
          row.getString(1),
          row.getString(2),
          row.getString(3),
          row.getBoolean(4),
          row.getString(5));
    }
  }

  /** Runs a statement that changes something, with values for its question marks. */
  public void change(String sql, String... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException ignored) {
      // It is being thrown away.
    }
  }
}
