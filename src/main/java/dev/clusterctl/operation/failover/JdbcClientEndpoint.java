package dev.clusterctl.operation.failover;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * Connector/J as a careful application uses it: short time-outs, no automatic reconnect, no replay
 * of statements, so that everything the server or the proxy does to a client is seen.
 */
public final class JdbcClientEndpoint implements ClientEndpoint {
  private static final Executor SAME_THREAD = Runnable::run;

  private final List<Address> writeTo;
  private final List<Address> readFrom;
  private final boolean chooses;
  private final Login login;
  private final Timeouts timeouts;

  /**
   * A TCP address.
   *
   * @param port 1 to 65535
   */
  public record Address(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** Whether connections are encrypted. */
  public enum Tls {
    /** Never: a server older than 5.7.28 has no TLS that a current JDK speaks. */
    OFF("DISABLED"),
    /** Where the other side offers it. */
    PREFERRED("PREFERRED"),
    /** Always; certificates aren't verified. */
    REQUIRED("REQUIRED");

    private final String sslMode;

    Tls(String sslMode) {
      this.sslMode = sslMode;
    }
  }

  /**
   * The application's account.
   *
   * @param schema the schema that is current after connecting
   */
  public record Login(String user, String password, String schema, Tls tls) {
    @Override
    public String toString() {
      return "Login[user=%s, schema=%s, tls=%s]".formatted(user, schema, tls);
    }
  }

  /**
   * How long a client waits.
   *
   * @param connect for a TCP connection, and for each answer while it logs in
   * @param answer for an answer to a statement: a peer that is frozen must not block for ever
   */
  public record Timeouts(Duration connect, Duration answer) {
    /** 2 s to connect, 5 s to answer. */
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5));
  }

  private JdbcClientEndpoint(
      List<Address> writeTo,
      List<Address> readFrom,
      boolean chooses,
      Login login,
      Timeouts timeouts) {
    this.writeTo = List.copyOf(writeTo);
    this.readFrom = List.copyOf(readFrom);
    this.chooses = chooses;
    this.login = login;
    this.timeouts = timeouts;
  }

  /** Clients that know a proxy: one address to write to, one (maybe the same) to read from. */
  public static JdbcClientEndpoint throughProxy(
      Address write, Address read, Login login, Timeouts timeouts) {
    return new JdbcClientEndpoint(List.of(write), List.of(read), false, login, timeouts);
  }

  /**
   * Clients that know the nodes, where there is no proxy: each tries one after the other, and
   * writes only to one that says it is writable.
   *
   * @throws IllegalArgumentException if there are no nodes
   */
  public static JdbcClientEndpoint amongNodes(List<Address> nodes, Login login, Timeouts timeouts) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("clients need at least one node to connect to");
    }
    return new JdbcClientEndpoint(nodes, nodes, true, login, timeouts);
  }

  @Override
  public Connection connect(Purpose purpose, int client) throws SQLException {
    List<Address> addresses = purpose == Purpose.WRITE ? writeTo : readFrom;
    SQLException failures = null;
    for (int i = 0; i < addresses.size(); i++) {
      Address address = addresses.get((client + i) % addresses.size());
      try {
        return connect(address, chooses && purpose == Purpose.WRITE);
      } catch (SQLException e) {
        if (failures != null) {
          e.addSuppressed(failures);
        }
        failures = e;
      }
    }
    throw failures == null ? new SQLException("no address to connect to") : failures;
  }

  private Connection connect(Address address, boolean mustBeWritable) throws SQLException {
    Connection connection = DriverManager.getConnection(url(address), properties());
    try {
      if (mustBeWritable) {
        requireWritable(connection, address);
      }
      connection.setNetworkTimeout(SAME_THREAD, Math.toIntExact(timeouts.answer().toMillis()));
      return connection;
    } catch (SQLException | RuntimeException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  private static void requireWritable(Connection connection, Address address) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@global.super_read_only")) {
      row.next();
      if (row.getBoolean(1)) {
        throw new SQLException(
            address + " is read-only", "HY000", ServerErrors.OPTION_PREVENTS_STATEMENT);
      }
    }
  }

  private String url(Address address) {
    return "jdbc:mysql://%s:%d/%s".formatted(address.host(), address.port(), login.schema());
  }

  private Properties properties() {
    Properties p = new Properties();
    p.setProperty("user", login.user());
    p.setProperty("password", login.password());
    p.setProperty("sslMode", login.tls().sslMode);
    if (login.tls() == Tls.OFF) {
      // caching_sha2_password without TLS: the server's RSA key must be asked for.
      p.setProperty("allowPublicKeyRetrieval", "true");
    }
    // Logging in is a part of connecting: a frozen node's kernel accepts, and nothing follows; a
    // proxy that waits for a primary says nothing either. Twice as long in the end, as closing what
    // speaks TLS waits for the other side as long again.
    p.setProperty("connectTimeout", Long.toString(timeouts.connect().toMillis()));
    p.setProperty("socketTimeout", Long.toString(timeouts.connect().toMillis()));
    p.setProperty("tcpKeepAlive", "true");
    p.setProperty("useServerPrepStmts", "false");
    p.setProperty("connectionAttributes", "program_name:clusterctl-failover-test");
    return p;
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // It is given up because of another error, which is the one to be told.
    }
  }

  @Override
  public String description() {
    if (chooses) {
      return writeTo.stream().map(Address::toString).collect(Collectors.joining(", "));
    }
    return writeTo.equals(readFrom)
        ? writeTo.get(0).toString()
        : writeTo.get(0) + " to write, " + readFrom.get(0) + " to read";
  }
}
