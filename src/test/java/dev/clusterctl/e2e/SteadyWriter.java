package dev.clusterctl.e2e;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An application that writes a row every few milliseconds and connects anew where it must. */
final class SteadyWriter implements AutoCloseable {
  private static final long PAUSE_MILLIS = 20;

  private final String url;
  private final String user;
  private final String password;
  private final String tls;
  private final Thread thread = new Thread(this::work, "steady-writer");
  private final List<Integer> acknowledged = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean stopping;
  private Duration longestGap = Duration.ZERO;

  /**
   * @param url of a database in which it makes the table {@code steady}
   */
  SteadyWriter(String url, String user, String password) throws SQLException {
    this(url, user, password, "sslMode=REQUIRED");
  }

  /** One for servers whose TLS is too old for this Java. */
  static SteadyWriter withoutTls(String url, String user, String password) throws SQLException {
    return new SteadyWriter(url, user, password, "sslMode=DISABLED&allowPublicKeyRetrieval=true");
  }

  private SteadyWriter(String url, String user, String password, String tls) throws SQLException {
    this.url = url;
    this.user = user;
    this.password = password;
    this.tls = tls;
    try (Connection connection = connect()) {
      connection
          .createStatement()
          .execute("CREATE TABLE IF NOT EXISTS steady (id INT PRIMARY KEY)");
      connection.createStatement().execute("DELETE FROM steady");
    }
    thread.start();
  }

  /** The rows whose commit was answered. */
  List<Integer> acknowledged() {
    return List.copyOf(acknowledged);
  }

  /** The longest time without one. */
  Duration longestGap() {
    return longestGap;
  }

  /** Ends it; what it saw may be asked for afterwards. */
  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.join();
  }

  private void work() {
    @Nullable Connection connection = null;
    long last = System.nanoTime();
    for (int id = 1; !stopping; id++) {
      try {
        connection = connection == null ? connect() : connection;
        try (PreparedStatement insert =
            connection.prepareStatement("INSERT INTO steady VALUES (?)")) {
          insert.setInt(1, id);
          insert.executeUpdate();
        }
        acknowledged.add(id);
        Duration gap = Duration.ofNanos(System.nanoTime() - last);
        longestGap = gap.compareTo(longestGap) > 0 ? gap : longestGap;
        last = System.nanoTime();
        Thread.sleep(PAUSE_MILLIS);
      } catch (SQLException e) {
        // A node went away; the next attempt is another connection, and so another node.
        quietlyClose(connection);
        connection = null;
      } catch (InterruptedException e) {
        stopping = true;
      }
    }
    quietlyClose(connection);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        url + "?" + tls + "&connectTimeout=3000&socketTimeout=10000", user, password);
  }

  private static void quietlyClose(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // Broken already.
    }
  }
}
