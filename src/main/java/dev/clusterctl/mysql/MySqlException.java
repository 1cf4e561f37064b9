package dev.clusterctl.mysql;

import dev.clusterctl.step.Explained;
import java.io.IOException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Something that a MySQL server was asked for didn't work. */
public final class MySqlException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  /** {@code ER_ACCESS_DENIED_ERROR}. */
  public static final int ACCESS_DENIED = 1045;

  private final int code;
  private final String advice;

  /**
   * @param message what failed, on which server, with the server's own words
   * @param code the server's error number; 0 where it didn't come from a server
   * @param advice what to do next; may be empty
   */
  public MySqlException(String message, int code, String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.advice = advice;
  }

  static MySqlException of(String node, String what, SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return new MySqlException(
            "%s: %s: TLS can't be agreed on: %s".formatted(node, what, cause.getMessage()),
            e.getErrorCode(),
            "MySQL before 5.7.28 has TLS 1.1 at best, which this Java refuses: use a later MySQL,"
                + " or the SSH tunnel without TLS (ssl-mode disabled), as clusterctl does",
            e);
      }
    }
    return new MySqlException(
        "%s: %s: %s (error %d)".formatted(node, what, firstLine(e), e.getErrorCode()),
        e.getErrorCode(),
        "",
        e);
  }

  /** Connector/J's messages about lost connections run over several lines. */
  private static String firstLine(SQLException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().filter(l -> !l.isBlank()).findFirst().orElse(message);
  }

  /** The server's error number, such as 1045; 0 where the error didn't come from a server. */
  public int code() {
    return code;
  }

  @Override
  public String advice() {
    return advice;
  }

  /** Whether no connection could be had, as opposed to a refusal. */
  public boolean unreachable() {
    return code == 0;
  }
}
