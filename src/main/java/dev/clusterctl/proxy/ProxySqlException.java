package dev.clusterctl.proxy;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** ProxySQL can't be reached, refuses something, or isn't as it was told to be. */
public final class ProxySqlException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String advice;

  /** What went wrong. */
  public enum Kind {
    /** Nobody answers at the admin port, or the connection broke. */
    CONNECTION,
    /** The login was refused. */
    ACCESS_DENIED,
    /** A statement was refused. */
    STATEMENT,
    /** It can't be, or isn't, set up as asked. */
    CONFIGURATION
  }

  /**
   * @param message what failed and where
   * @param advice what to do next; may be empty
   */
  public ProxySqlException(Kind kind, String message, String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.advice = advice;
  }

  public Kind kind() {
    return kind;
  }

  /** What to do next, for people; empty where nothing better than the message is known. */
  public String advice() {
    return advice;
  }
}
