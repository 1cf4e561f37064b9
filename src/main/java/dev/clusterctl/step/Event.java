package dev.clusterctl.step;

import java.time.Duration;
import java.util.List;

/** What happened in a run. Steps and operations emit events; the room {@code output} shows them. */
public sealed interface Event {

  /** A part of an operation begins: "machines", "replication", … */
  record PhaseStarted(String phase) implements Event {}

  /** It is over. */
  record PhaseEnded(String phase, Duration took) implements Event {}

  /** A step's check or apply begins. */
  record StepStarted(Step step, boolean applying) implements Event {}

  /** How far a step is. */
  record StepProgress(Step step, String detail) implements Event {}

  /** A step is over. */
  record StepEnded(Step step, Outcome outcome, Duration took) implements Event {}

  /** Something to be said to the user that belongs to no step. */
  record Message(Level level, String text) implements Event {}

  /** How much a message matters. */
  enum Level {
    INFO,
    WARNING
  }

  /** How a step ended. */
  sealed interface Outcome {
    /** It was so already. */
    record Unchanged() implements Outcome {}

    /** It was made so. */
    record Changed(List<String> changes) implements Outcome {}

    /** In a plan: it would be made so. The diff is empty unless the change is one of a file. */
    record WouldChange(List<String> changes, List<String> diff) implements Outcome {}

    /** In a plan: can't be checked before what it needs has been made so. */
    record Later(String after) implements Outcome {}

    /** It failed. */
    record Failed(Throwable cause) implements Outcome {}

    /** Not tried, as something that it needs failed. */
    record Skipped(String because) implements Outcome {}

    /** Interrupted, or not tried as the run was interrupted before. */
    record Cancelled() implements Outcome {}
  }
}
