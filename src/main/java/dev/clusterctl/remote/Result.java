package dev.clusterctl.remote;

import java.util.List;

/**
 * What a command left behind.
 *
 * @param status exit status, 0 to 255; 128 + the signal's number where a signal ended it
 */
public record Result(int status, String out, String err) {

  public boolean ok() {
    return status == 0;
  }

  /**
   * Its last lines, of standard error if it wrote any, else of standard output; at most {@code n}.
   */
  public List<String> lastLines(int n) {
    String text = err.isBlank() ? out : err;
    List<String> lines = text.lines().filter(l -> !l.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - n), lines.size());
  }
}
