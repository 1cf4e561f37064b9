package dev.clusterctl.proxy;

import com.mysql.cj.jdbc.Driver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * Waits until a client gets through the proxy: connected as the application, with its password, to
 * its schema. That is what users of the cluster need, so nothing less counts as "ready".
 *
 * @param host where the proxy (or a tunnel to it) listens
 * @param port 1 to 65535
 * @param tls whether the connection must be encrypted; servers before 5.7.28 speak TLS 1.1 at best,
 *     which a current Java refuses
 */
public record ClientCheck(
    String host, int port, String schema, String user, String password, boolean tls) {
  private static final int DRIVER_LIMIT_MS = 5_000;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  private static final int ACCESS_DENIED = 1045;
  private static final int ACCESS_DENIED_TO_SCHEMA = 1044;
  private static final int UNKNOWN_DATABASE = 1049;

  /** What the client wants to do. */
  public enum Purpose {
    /** Only a server that takes writes will do. */
    WRITE,
    /** Any server will do. */
    READ
  }

  /** Who answered. */
  public record Answer(String hostname, int port, boolean superReadOnly) {}

  /**
   * Waits until a server answers that serves the purpose.
   *
   * @param limit how long; a single try takes 5 s at most
   * @throws ProxySqlException of kind {@code ACCESS_DENIED} or {@code CONFIGURATION} at once where
   *     waiting can't help; of kind {@code CONNECTION} after the limit, with what was seen last
   * @throws InterruptedException if the thread is interrupted
   */
  public Answer await(Purpose purpose, Duration limit)
      throws ProxySqlException, InterruptedException {
    long start = System.nanoTime();
    while (true) {
      String seen;
      SQLException last = null;
      try {
        Answer answer = ask(purpose);
        if (purpose == Purpose.READ || !answer.superReadOnly()) {
          return answer;
        }
        seen = "%s:%d answers, but is read-only".formatted(answer.hostname(), answer.port());
      } catch (SQLException e) {
        failAtOnceIfHopeless(e);
        last = e;
        seen = cause(e);
      }
      if (System.nanoTime() - start >= limit.toNanos()) {
        throw new ProxySqlException(
            ProxySqlException.Kind.CONNECTION,
            "waited %d s for a client of %s to get through %s:%d to %s; last seen: %s"
                .formatted(
                    limit.toSeconds(),
                    user,
                    host,
                    port,
                    purpose == Purpose.WRITE ? "a server that takes writes" : "a server",
                    seen),
            "see which servers the proxy knows and what it thinks of them: clusterctl status",
            last);
      }
      Thread.sleep(BETWEEN_TRIES.toMillis());
    }
  }

  /**
   * One try.
   *
   * @throws SQLException if nobody answers
   */
  public Answer ask(Purpose purpose) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("sslMode", tls ? "REQUIRED" : "DISABLED");
    properties.setProperty("allowPublicKeyRetrieval", "false");
    properties.setProperty("connectTimeout", Integer.toString(DRIVER_LIMIT_MS));
    properties.setProperty("socketTimeout", Integer.toString(DRIVER_LIMIT_MS));
    String url = "jdbc:mysql://%s:%d/%s".formatted(host, port, schema);
    try (Connection connection = new Driver().connect(url, properties)) {
      if (connection == null) {
        throw new IllegalStateException("MySQL's driver doesn't take its own URL");
      }
      try (Statement statement = connection.createStatement()) {
        if (purpose == Purpose.WRITE) {
          // A proxy that splits reads from writes would send a bare SELECT to a reader; inside a
          // transaction it goes where its START TRANSACTION went, as a write does.
          statement.execute("START TRANSACTION");
        }
        Answer answer;
        try (ResultSet row =
            statement.executeQuery("SELECT @@hostname, @@port, @@super_read_only")) {
          row.next();
          answer = new Answer(row.getString(1), row.getInt(2), row.getInt(3) != 0);
        }
        if (purpose == Purpose.WRITE) {
          statement.execute("ROLLBACK");
        }
        return answer;
      }
    }
  }

  private void failAtOnceIfHopeless(SQLException e) throws ProxySqlException {
    switch (e.getErrorCode()) {
      case ACCESS_DENIED ->
          throw new ProxySqlException(
              ProxySqlException.Kind.ACCESS_DENIED,
              "%s:%d refuses the account %s".formatted(host, port, user),
              "its password there isn't the one that clusterctl knows: run clusterctl up, which"
                  + " sets it in the servers and in the proxy",
              e);
      case ACCESS_DENIED_TO_SCHEMA ->
          throw new ProxySqlException(
              ProxySqlException.Kind.ACCESS_DENIED,
              "%s:%d: the account %s may not use the schema %s".formatted(host, port, user, schema),
              "run clusterctl up, which grants it",
              e);
      case UNKNOWN_DATABASE ->
          throw new ProxySqlException(
              ProxySqlException.Kind.CONFIGURATION,
              "%s:%d: there is no schema %s".formatted(host, port, schema),
              "run clusterctl up, which creates it",
              e);
      default -> {
        // Refused, no server behind the proxy, a fail-over going on: all of these pass.
      }
    }
  }

  /** The driver wraps what matters ("Connection refused") in a paragraph. */
  private static String cause(SQLException e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null
        ? deepest.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  @Override
  public String toString() {
    return "ClientCheck[%s@%s:%d/%s]".formatted(user, host, port, schema);
  }
}
