package dev.clusterctl.topology;

import java.util.List;
import java.util.Optional;

/**
 * What came of reading a cluster.yaml.
 *
 * @param topology present exactly where no problem is an error
 * @param problems every error and warning, from the top of the file to its end
 */
public record ReadResult(Optional<Topology> topology, List<Problem> problems) {
  public ReadResult {
    problems = List.copyOf(problems);
  }

  /** The problems that keep the file from being used. */
  public List<Problem> errors() {
    return problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).toList();
  }

  /** The problems that don't. */
  public List<Problem> warnings() {
    return problems.stream().filter(p -> p.severity() == Problem.Severity.WARNING).toList();
  }
}
