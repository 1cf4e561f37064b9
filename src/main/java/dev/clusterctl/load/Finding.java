package dev.clusterctl.load;

import java.util.Locale;

/**
 * Something about a dump that matters to the group it is meant for.
 *
 * @param line where, from 1
 * @param message what
 * @param advice what to do about it; empty where nothing need be done
 */
public record Finding(Severity severity, long line, String message, String advice) {

  /** How much it matters. */
  public enum Severity {
    /** It can't be loaded so. */
    ERROR,
    /** It can be loaded, but maybe not as it was meant. */
    WARNING,
    /** It is loaded otherwise than it is written, to the same effect. */
    NOTE
  }

  /** One line, as compilers write it. */
  public String line(String file) {
    return "%s:%d: %s: %s%s"
        .formatted(
            file,
            line,
            severity.name().toLowerCase(Locale.ROOT),
            message,
            advice.isEmpty() ? "" : "; " + advice);
  }
}
