package dev.clusterctl.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the place that the output goes to can do.
 *
 * @param interactive a person looks at it: lines may be drawn over
 * @param colour colours may be used
 * @param unicode more than ASCII may be used for decoration
 */
public record Terminal(boolean interactive, boolean colour, boolean unicode) {

  /** A file or a pipe. */
  public static final Terminal NONE = new Terminal(false, false, true);

  /** Columns and rows. */
  public record Size(int columns, int rows) {
    /** What terminals had when they were made of glass. */
    public static final Size DEFAULT = new Size(80, 24);
  }

  /**
   * What the environment says of it.
   *
   * @param isTerminal whether output goes to a terminal at all
   * @param noColor whether the user wants no colours, whatever the environment says
   */
  public static Terminal of(boolean isTerminal, boolean noColor, Map<String, String> env) {
    boolean dumb = "dumb".equals(env.get("TERM")) || !env.containsKey("TERM");
    boolean interactive = isTerminal && !dumb;
    // https://no-color.org: present and not empty, whatever its value.
    boolean colour = interactive && !noColor && env.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(interactive, colour, !isTerminal || speaksUtf8(env));
  }

  /** The order in which POSIX locales win. */
  private static boolean speaksUtf8(Map<String, String> env) {
    for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = env.getOrDefault(variable, "");
      if (!value.isEmpty()) {
        String locale = value.toLowerCase(Locale.ROOT);
        return locale.contains("utf-8") || locale.contains("utf8");
      }
    }
    return false;
  }

  /**
   * The size of the controlling terminal now: {@code COLUMNS} and {@code LINES} where they are set,
   * else what {@code stty} says, else {@link Size#DEFAULT}. Takes some milliseconds.
   */
  public static Size size(Map<String, String> env) {
    int columns = positive(env.get("COLUMNS"));
    int rows = positive(env.get("LINES"));
    if (columns == 0 || rows == 0) {
      Size asked = askStty();
      columns = columns == 0 ? asked.columns() : columns;
      rows = rows == 0 ? asked.rows() : rows;
    }
    return new Size(columns, rows);
  }

  private static Size askStty() {
    try {
      Process stty =
          new ProcessBuilder("sh", "-c", "stty size </dev/tty")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      stty.getOutputStream().close();
      String[] words =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()
              .split(" ", -1);
      if (stty.waitFor(1, TimeUnit.SECONDS) && words.length == 2) {
        int rows = positive(words[0]);
        int columns = positive(words[1]);
        if (rows > 0 && columns > 0) {
          return new Size(columns, rows);
        }
      }
    } catch (IOException e) {
      return Size.DEFAULT; // no stty here
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Size.DEFAULT;
  }

  private static int positive(@org.jspecify.annotations.Nullable String number) {
    if (number == null || !number.matches("[1-9][0-9]{0,4}")) {
      return 0;
    }
    return Integer.parseInt(number);
  }
}
