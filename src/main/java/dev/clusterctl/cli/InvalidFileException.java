package dev.clusterctl.cli;

import dev.clusterctl.topology.Problem;
import java.nio.file.Path;
import java.util.List;

/** The cluster.yaml has mistakes. Ends with {@link ExitCode#USAGE}. */
final class InvalidFileException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<Problem> problems;

  InvalidFileException(Path file, List<Problem> problems) {
    super("%s can't be used".formatted(file));
    this.problems = List.copyOf(problems);
  }

  List<Problem> problems() {
    return problems;
  }
}
