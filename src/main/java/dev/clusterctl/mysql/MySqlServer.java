package dev.clusterctl.mysql;

import com.mysql.cj.jdbc.Driver;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.topology.IpAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/**
 * A MySQL server on a machine, reached through the machine's SSH connection.
 *
 * <p>The tunnel ends at the server's own address, not at 127.0.0.1: before 8.0.13 a server binds to
 * one address only. To the server its client comes from that same address, which no packet leaves
 * the machine for; that is what the accounts' host parts allow.
 */
public final class MySqlServer {
  /** The port that all nodes listen on. */
  public static final int PORT = 3306;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final String node;
  private final Remote remote;
  private final IpAddress address;
  private final int port;

  public MySqlServer(String node, Remote remote, IpAddress address) {
    this(node, remote, address, PORT);
  }

  /**
   * @param port 1 to 65535
   */
  MySqlServer(String node, Remote remote, IpAddress address, int port) {
    this.node = node;
    this.remote = remote;
    this.address = address;
    this.port = port;
  }

  /** The node's name. */
  public String node() {
    return node;
  }

  public IpAddress address() {
    return address;
  }

  public Remote remote() {
    return remote;
  }

  /** How a session is secured on its way through the tunnel, which is encrypted already. */
  public enum Tls {
    /** Without TLS, and with the server's RSA key for the password. */
    OFF,
    /** With TLS, for accounts that require it; the certificate isn't verified. */
    REQUIRED
  }

  /**
   * Opens a session.
   *
   * @param answerWithin how long a statement may take; zero: for ever
   * @throws MySqlException with code {@link MySqlException#ACCESS_DENIED} where the account is
   *     refused; {@link MySqlException#unreachable()} where nobody answers
   */
  public Session open(Credentials credentials, Tls tls, Duration answerWithin)
      throws MySqlException, RemoteException {
    return connect(
        node, "127.0.0.1", remote.tunnel(address.value(), port), credentials, tls, answerWithin);
  }

  /**
   * Opens a session to a server that isn't one of ours yet, without SSH and over TLS. The
   * certificate isn't verified: nobody knows the servers' authority at that time.
   *
   * @param answerWithin how long a statement may take
   */
  public static Session direct(
      String host, int port, Credentials credentials, Duration answerWithin) throws MySqlException {
    return connect(host + ":" + port, host, port, credentials, Tls.REQUIRED, answerWithin);
  }

  private static Session connect(
      String node, String host, int port, Credentials credentials, Tls tls, Duration answerWithin)
      throws MySqlException {
    Properties properties = new Properties();
    properties.setProperty("user", credentials.user());
    properties.setProperty("password", credentials.password());
    properties.setProperty("sslMode", tls == Tls.OFF ? "DISABLED" : "REQUIRED");
    properties.setProperty("allowPublicKeyRetrieval", String.valueOf(tls == Tls.OFF));
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toMillis()));
    properties.setProperty("socketTimeout", String.valueOf(answerWithin.toMillis()));
    properties.setProperty("allowMultiQueries", "true");
    properties.setProperty("connectionTimeZone", "UTC");
    try {
      // The driver itself rather than DriverManager, which would look for every other one first.
      Connection connection =
          new Driver().connect("jdbc:mysql://" + host + ":" + port + "/", properties);
      if (connection == null) {
        throw new IllegalStateException("Connector/J doesn't know its own URL");
      }
      return new Session(node, connection);
    } catch (SQLException e) {
      throw MySqlException.of(node, "connecting to MySQL as " + credentials.user(), e);
    }
  }
}
