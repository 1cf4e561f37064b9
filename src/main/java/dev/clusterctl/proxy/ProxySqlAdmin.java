package dev.clusterctl.proxy;

import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A session at a real ProxySQL's admin interface, with MariaDB's driver: MySQL's own asks the
 * server for variables before anything else, which ProxySQL's admin can't answer.
 */
public final class ProxySqlAdmin implements AdminSession {
  /** Where the admin interface listens unless told otherwise. */
  public static final int STANDARD_PORT = 6032;

  /** Where packages have it write its log. */
  public static final String LOG = "/var/lib/proxysql/proxysql.log";

  private static final String ADMIN = "admin";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  static {
    // At level DEBUG the driver logs every statement in full, passwords included. It looks at this
    // once, when its first class is loaded.
    System.setProperty("mariadb.logging.disable", "true");
  }

  private final Connection connection;
  private final String machine;

  private ProxySqlAdmin(Connection connection, String machine) {
    this.connection = connection;
    this.machine = machine;
  }

  /**
   * Logs in on the machine where ProxySQL runs: with our password, and where that is refused with
   * the one that every new ProxySQL has ({@link ProxySqlDesired#diff} then says that it must be
   * changed).
   *
   * @param adminPort where it should listen; where nobody does, the standard port is tried
   * @throws ProxySqlException if nobody answers or neither password is accepted
   * @throws RemoteException if the machine can't be reached
   */
  public static ProxySqlAdmin connect(Remote remote, int adminPort, String password)
      throws ProxySqlException, RemoteException {
    try {
      return connect(remote.machine(), remote.tunnel("127.0.0.1", adminPort), password);
    } catch (ProxySqlException e) {
      if (e.kind() != ProxySqlException.Kind.CONNECTION || adminPort == STANDARD_PORT) {
        throw e;
      }
      try {
        return connect(remote.machine(), remote.tunnel("127.0.0.1", STANDARD_PORT), password);
      } catch (ProxySqlException second) {
        e.addSuppressed(second);
        throw e;
      }
    }
  }

  /** The same, at a port of this machine that leads there. */
  static ProxySqlAdmin connect(String machine, int localPort, String password)
      throws ProxySqlException {
    try {
      return login(machine, localPort, password);
    } catch (ProxySqlException e) {
      if (e.kind() != ProxySqlException.Kind.ACCESS_DENIED) {
        throw e;
      }
      try {
        return login(machine, localPort, "admin");
      } catch (ProxySqlException second) {
        throw second.kind() == ProxySqlException.Kind.ACCESS_DENIED ? e : second;
      }
    }
  }

  private static ProxySqlAdmin login(String machine, int localPort, String password)
      throws ProxySqlException {
    Properties properties = new Properties();
    properties.setProperty("user", ADMIN);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", Long.toString(PATIENCE.toMillis()));
    properties.setProperty("socketTimeout", Long.toString(PATIENCE.toMillis()));
    try {
      // Not through DriverManager, which would also ask MySQL's driver; it logs URLs, too.
      Connection connection =
          new org.mariadb.jdbc.Driver()
              .connect("jdbc:mariadb://127.0.0.1:" + localPort + "/", properties);
      if (connection == null) {
        throw new IllegalStateException("MariaDB's driver doesn't take its own URL");
      }
      return new ProxySqlAdmin(connection, machine);
    } catch (SQLException e) {
      if (isRefusedLogin(e)) {
        // The cause stays out: drivers may put what they sent into it.
        throw new ProxySqlException(
            ProxySqlException.Kind.ACCESS_DENIED,
            machine + ": ProxySQL's admin interface refuses the account 'admin'",
            "its password was changed by someone else: set admin-admin_credentials to the one in"
                + " the secrets.yaml of this cluster, or install ProxySQL anew",
            null);
      }
      throw new ProxySqlException(
          ProxySqlException.Kind.CONNECTION,
          "%s: ProxySQL's admin interface doesn't answer: %s"
              .formatted(machine, firstLine(e.getMessage())),
          "look at its log: clusterctl logs " + machine,
          e);
    }
  }

  @Override
  public List<Map<String, String>> query(String select) throws ProxySqlException {
    try (Statement statement = statement();
        ResultSet result = statement.executeQuery(select)) {
      ResultSetMetaData columns = result.getMetaData();
      List<Map<String, String>> rows = new ArrayList<>();
      while (result.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          String value = result.getString(i);
          if (value != null) {
            row.put(columns.getColumnLabel(i), value);
          }
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw failed("reading (" + select + ")", e, true);
    }
  }

  @Override
  public void execute(AdminStatement todo) throws ProxySqlException {
    try (Statement statement = statement()) {
      statement.execute(todo.sql());
    } catch (SQLException e) {
      throw failed("'" + todo.title() + "'", e, false);
    }
  }

  private Statement statement() throws SQLException {
    Statement statement = connection.createStatement();
    statement.setEscapeProcessing(false);
    return statement;
  }

  /** SQLite's messages quote the statement at most in part, but that part may be a password. */
  private ProxySqlException failed(String what, SQLException e, boolean mayShow) {
    boolean lost = isLost(e);
    return new ProxySqlException(
        lost ? ProxySqlException.Kind.CONNECTION : ProxySqlException.Kind.STATEMENT,
        "%s: ProxySQL's admin interface %s %s%s"
            .formatted(
                machine,
                lost ? "went away during" : "refuses",
                what,
                mayShow || lost ? ": " + firstLine(e.getMessage()) : ""),
        lost
            ? "look at its log: clusterctl logs " + machine
            : "its version may not be the one that cluster.yaml gives",
        mayShow ? e : null);
  }

  /** Every error has the same code, so the text must tell. */
  private static boolean isRefusedLogin(SQLException e) {
    return e.getMessage() != null && e.getMessage().contains("Access denied");
  }

  private static boolean isLost(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith("08");
  }

  private static String firstLine(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }

  @Override
  public void close() throws ProxySqlException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed("closing the session", e, true);
    }
  }
}
