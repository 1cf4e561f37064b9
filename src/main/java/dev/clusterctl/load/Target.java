package dev.clusterctl.load;

import com.mysql.cj.jdbc.Driver;
import dev.clusterctl.mysql.Credentials;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * Where the statements of a dump are run: in one session after the other, where one is lost.
 *
 * @param port finds a port of this host that leads to a server which takes writes, or to a proxy in
 *     front of such
 * @param schema the current one of a session
 * @param tls whether a session must be encrypted, however it gets there
 */
public record Target(Port port, Credentials credentials, String schema, boolean tls) {
  private static final int CONNECT_MS = 10_000;

  /** Finds a port of this host. */
  @FunctionalInterface
  public interface Port {
    int get() throws IOException;
  }

  /** Opens a session as dumps need it: every byte of a statement arrives as it is. */
  public Connection connect() throws SQLException, IOException {
    Properties properties = new Properties();
    properties.setProperty("user", credentials.user());
    properties.setProperty("password", credentials.password());
    properties.setProperty("sslMode", tls ? "REQUIRED" : "DISABLED");
    properties.setProperty("allowPublicKeyRetrieval", String.valueOf(!tls));
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_MS));
    // A statement may take as long as it likes; that a peer is gone is the kernel's to notice.
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectionTimeZone", "UTC");
    // One character, one byte, both ways: the dump's own SET NAMES says what they mean.
    properties.setProperty("characterEncoding", "ISO-8859-1");
    properties.setProperty("connectionAttributes", "program_name:clusterctl-load");
    Connection connection =
        new Driver()
            .connect("jdbc:mysql://127.0.0.1:%d/%s".formatted(port.get(), schema), properties);
    if (connection == null) {
      throw new IllegalStateException("Connector/J doesn't know its own URL");
    }
    try (Statement statement = connection.createStatement()) {
      // As the mysql client begins; a dump may say it otherwise. The variable makes ProxySQL keep
      // the session on one connection to one server, with all that the dump sets there.
      statement.execute("SET NAMES utf8mb4");
      statement.execute("SET @clusterctl_load = 1");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
