package dev.clusterctl.topology;

import java.nio.file.Path;
import java.util.Comparator;

/**
 * A mistake in a cluster.yaml, or something in it that deserves a second look.
 *
 * @param file the file as the user named it
 * @param line 1 and up; 0 where the problem is the file itself (missing, unreadable, empty)
 * @param column 1 and up, in characters; 0 where {@code line} is 0
 * @param message what is wrong, on one line, never with a secret in it
 * @param advice what would be right, on one line; may be empty
 */
public record Problem(
    Severity severity, Path file, int line, int column, String message, String advice) {

  /** From the top of the file to its end; errors before warnings at the same place. */
  static final Comparator<Problem> BY_POSITION =
      Comparator.comparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::severity)
          .thenComparing(Problem::message);

  /** How bad it is. */
  public enum Severity {
    /** The file can't be used. */
    ERROR,
    /** The file can be used, but should be looked at. */
    WARNING
  }

  /** {@code cluster.yaml:12:7: error: what is wrong; what would be right}. */
  @Override
  public String toString() {
    return file
        + (line == 0 ? "" : ":" + line + ":" + column)
        + (severity == Severity.ERROR ? ": error: " : ": warning: ")
        + message
        + (advice.isEmpty() ? "" : "; " + advice);
  }
}
