package dev.clusterctl.step;

import java.time.Duration;
import java.util.List;

/** What happened in a run. Steps and operations emit events; the room {@code output} shows them. */
public sealed interface Event {

  /** A part of an operation begins: "machines", "replication", … */
  record PhaseStarted(String phase) implements Event {}

  /** It is over. */
  record PhaseEnded(String phase, Duration took) implements Event {}

  /** A step begins to be checked, applied or verified. */
  record StepStarted(Step step, Activity activity) implements Event {}

  /** What is being done to a step. */
  enum Activity {
    CHECKING,
    APPLYING,
    /** Checked a second time, after it was applied. */
    VERIFYING
  }

  /** How far a step is. */
  record StepProgress(Step step, String detail) implements Event {}

  /** A step is over, or it is clear now that it won't be tried ({@code took} is zero then). */
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
    record Changed(List<String> changes) implements Outcome {
      public Changed {
        changes = List.copyOf(changes);
      }
    }

    /** In a plan: it would be made so. The diff is empty unless the change is one of a file. */
    record WouldChange(List<String> changes, List<String> diff) implements Outcome {
      public WouldChange {
        changes = List.copyOf(changes);
        diff = List.copyOf(diff);
      }
    }

    /**
     * In a plan: can't be checked before what it needs has been made so.
     *
     * @param after the step that would change, with its subject: "db1: server installed"
     */
    record Later(String after) implements Outcome {}

    /** It failed. */
    record Failed(Throwable cause) implements Outcome {}

    /**
     * Not tried, as something that it needs failed.
     *
     * @param because the step that failed, with its subject: "db1: server installed"
     */
    record Skipped(String because) implements Outcome {}

    /** Interrupted, or not tried as the run was interrupted before. */
    record Cancelled() implements Outcome {}
  }
}
