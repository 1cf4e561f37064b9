package dev.clusterctl.load;

import dev.clusterctl.load.Finding.Severity;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found so far. The same thing found again is counted and not kept: a dump may have a
 * million of them.
 */
final class Findings {
  private record Counted(Finding first, long times) {}

  private final Map<String, Counted> found = new LinkedHashMap<>();

  void error(long line, String message, String advice) {
    add(new Finding(Severity.ERROR, line, message, advice));
  }

  void warning(long line, String message, String advice) {
    add(new Finding(Severity.WARNING, line, message, advice));
  }

  void note(long line, String message) {
    add(new Finding(Severity.NOTE, line, message, ""));
  }

  private void add(Finding finding) {
    found.merge(
        finding.severity() + finding.message(),
        new Counted(finding, 1),
        (first, again) -> new Counted(first.first(), first.times() + 1));
  }

  /** All of them by line, each once, with how often it was found. */
  List<Finding> all() {
    return found.values().stream()
        .map(
            c ->
                c.times() == 1
                    ? c.first()
                    : new Finding(
                        c.first().severity(),
                        c.first().line(),
                        "%s (%,d times, here first)".formatted(c.first().message(), c.times()),
                        c.first().advice()))
        .sorted(Comparator.comparingLong(Finding::line))
        .toList();
  }
}
