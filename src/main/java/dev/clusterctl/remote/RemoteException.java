package dev.clusterctl.remote;

import dev.clusterctl.step.Explained;
import java.io.IOException;
import java.util.List;

/** Something on a machine, or on the way to it, didn't work. */
public final class RemoteException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final List<String> lastLines;
  private final String advice;

  /** Why. */
  public enum Kind {
    /** Nobody answers there: no route, refused, timed out. */
    UNREACHABLE,
    /** The machine answers, but refuses our key. */
    AUTHENTICATION,
    /** The machine's host key isn't the one we know, or we know none. */
    HOST_KEY,
    /** A command ran and failed. */
    COMMAND,
    /** A command took too long and was killed. */
    TIMEOUT,
    /** The connection broke. */
    CONNECTION,
    /** We were told to stop. */
    INTERRUPTED
  }

  /**
   * @param message what failed and on which machine
   * @param lastLines the command's own last lines; may be empty
   * @param advice what to do next; may be empty
   */
  public RemoteException(
      Kind kind,
      String message,
      List<String> lastLines,
      String advice,
      @org.jspecify.annotations.Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.lastLines = List.copyOf(lastLines);
    this.advice = advice;
  }

  /** A command that ran and ended with another exit status than 0. */
  public static RemoteException commandFailed(String machine, Command command, Result result) {
    return new RemoteException(
        Kind.COMMAND,
        "%s: '%s' failed with exit status %d".formatted(machine, command.title(), result.status()),
        result.lastLines(8),
        "",
        null);
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
