package dev.clusterctl.step;

import java.util.List;

/** A step was applied without an error, and what it should have made true is still not true. */
public final class StepFailedException extends Exception implements Explained {
  private static final long serialVersionUID = 1L;
  private final List<String> differences;

  StepFailedException(Step step, Step.Check.Differs still) {
    super("%s: it was applied, but still differs".formatted(step.title()));
    this.differences = still.changes();
  }

  /** What still differs, as the step's check said after apply. */
  @Override
  public List<String> lastLines() {
    return differences;
  }
}
