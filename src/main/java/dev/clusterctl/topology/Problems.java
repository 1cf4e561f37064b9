package dev.clusterctl.topology;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects the problems of one file while it is read. */
final class Problems {
  private final Path file;
  private final List<Problem> found = new ArrayList<>();

  Problems(Path file) {
    this.file = file;
  }

  void error(Position at, String message, String advice) {
    add(Problem.Severity.ERROR, at, message, advice);
  }

  void warning(Position at, String message, String advice) {
    add(Problem.Severity.WARNING, at, message, advice);
  }

  private void add(Problem.Severity severity, Position at, String message, String advice) {
    Problem problem = new Problem(severity, file, at.line(), at.column(), message, advice);
    // What an anchor holds is read once for each alias, under another name, and is one mistake.
    if (found.stream().noneMatch(known -> isSame(known, problem))) {
      found.add(problem);
    }
  }

  private static boolean isSame(Problem a, Problem b) {
    return a.severity() == b.severity()
        && a.line() == b.line()
        && a.column() == b.column()
        && a.advice().equals(b.advice());
  }

  boolean hasErrors() {
    return found.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  List<Problem> sorted() {
    return found.stream().sorted(Problem.BY_POSITION).toList();
  }
}
