package dev.clusterctl.output;

/** Colours and symbols, as far as the terminal has them. */
public final class Style {
  private final boolean colour;
  private final boolean unicode;

  public Style(Terminal terminal) {
    this.colour = terminal.colour();
    this.unicode = terminal.unicode();
  }

  /** No colours; symbols beyond ASCII. */
  public static Style plain() {
    return new Style(Terminal.NONE);
  }

  public String good(String text) {
    return paint("32", text);
  }

  public String bad(String text) {
    return paint("31", text);
  }

  public String warning(String text) {
    return paint("33", text);
  }

  public String changed(String text) {
    return paint("36", text);
  }

  public String faint(String text) {
    return paint("2", text);
  }

  public String strong(String text) {
    return paint("1", text);
  }

  public String tick() {
    return good(unicode ? "✓" : "+");
  }

  public String cross() {
    return bad(unicode ? "✗" : "x");
  }

  String dot() {
    return unicode ? "·" : "-";
  }

  String ellipsis() {
    return unicode ? "…" : "...";
  }

  /** The spinner's picture of this number. */
  String spinner(long frame) {
    String frames = unicode ? "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" : "|/-\\";
    int at = (int) Math.floorMod(frame, (long) frames.length());
    return changed(frames.substring(at, at + 1));
  }

  /** A line of a unified diff, coloured by what it begins with. */
  public String diffLine(String line) {
    if (line.startsWith("+++") || line.startsWith("---")) {
      return strong(line);
    } else if (line.startsWith("+")) {
      return good(line);
    } else if (line.startsWith("-")) {
      return bad(line);
    } else if (line.startsWith("@@")) {
      return changed(line);
    }
    return line;
  }

  private String paint(String code, String text) {
    return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
