package dev.clusterctl.proxy;

import dev.clusterctl.step.Explained;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ProxySQL can't be reached, refuses something, or isn't as it was told to be. */
public final class ProxySqlException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String advice;
  private final transient List<String> lastLines;

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
    this(kind, message, List.of(), advice, cause);
  }

  /**
   * @param message what failed and where
   * @param lastLines of ProxySQL's log
   * @param advice what to do next; may be empty
   */
  public ProxySqlException(
      Kind kind, String message, List<String> lastLines, String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.lastLines = List.copyOf(lastLines);
    this.advice = advice;
  }

  public Kind kind() {
    return kind;
  }

  @Override
  public List<String> lastLines() {
    return lastLines;
  }

  @Override
  public String advice() {
    return advice;
  }
}
