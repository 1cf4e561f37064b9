package dev.clusterctl.output;

import java.util.Locale;
import java.util.regex.Pattern;

/** Text measured in a terminal's columns. Knows the colours that {@link Style} makes. */
public final class Columns {
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  /** Escape sequences of any kind, and what else moves the cursor. */
  private static final Pattern CONTROL =
      Pattern.compile(
          "\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(\u0007|\u001b\\\\)|\\p{Cntrl}");

  private Columns() {}

  /** How many columns the text takes. */
  public static int width(String text) {
    return COLOUR.matcher(text).replaceAll("").codePoints().map(Columns::width).sum();
  }

  /** The text with spaces after it, so that it takes at least so many columns. */
  public static String pad(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - width(text)));
  }

  /**
   * The text cut where it would take more than so many columns, colours ended.
   *
   * @param ellipsis ends a text that was cut
   */
  public static String truncate(String text, int columns, String ellipsis) {
    if (width(text) <= columns) {
      return text;
    }
    int room = columns - width(ellipsis);
    if (room < 0) {
      return "";
    }
    StringBuilder result = new StringBuilder();
    boolean coloured = false;
    int used = 0;
    int at = 0;
    while (at < text.length()) {
      var colour = COLOUR.matcher(text).region(at, text.length());
      if (colour.lookingAt()) {
        result.append(colour.group());
        coloured = true;
        at = colour.end();
        continue;
      }
      int codePoint = text.codePointAt(at);
      used += width(codePoint);
      if (used > room) {
        break;
      }
      result.appendCodePoint(codePoint);
      at += Character.charCount(codePoint);
    }
    return result.append(ellipsis).append(coloured ? "\u001b[0m" : "").toString();
  }

  /**
   * Text from elsewhere (a command's output, an exception's message) on one line and without
   * anything that a terminal would obey.
   */
  public static String clean(String text) {
    return CONTROL.matcher(text.replaceAll("\\s+", " ")).replaceAll("").strip();
  }

  /** Seconds with one decimal below a minute, then minutes and hours: 3.2s, 1m05s, 2h00m. */
  public static String duration(java.time.Duration time) {
    long tenths = (time.toMillis() + 50) / 100;
    if (tenths < 600) {
      return String.format(Locale.ROOT, "%d.%ds", tenths / 10, tenths % 10);
    }
    long seconds = tenths / 10;
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
  }

  private static int width(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT
        || type == Character.CONTROL) {
      return 0;
    }
    return isWide(codePoint) ? 2 : 1;
  }

  /** The blocks that Unicode's East Asian Width has as wide, and emoji. */
  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115F)
        || (c >= 0x2E80 && c <= 0x303E)
        || (c >= 0x3041 && c <= 0xA4CF)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60)
        || (c >= 0xFFE0 && c <= 0xFFE6)
        || (c >= 0x1F300 && c <= 0x1FAFF)
        || (c >= 0x20000 && c <= 0x3FFFD);
  }
}
