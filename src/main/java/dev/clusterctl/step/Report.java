package dev.clusterctl.step;

import dev.clusterctl.step.Event.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How the run of a plan went.
 *
 * @param entries one for each step, in the plan's order
 * @param took how long the whole run took
 */
public record Report(List<Entry> entries, Duration took) {

  public Report {
    entries = List.copyOf(entries);
  }

  /**
   * How one step ended.
   *
   * @param took how long its check and apply took; zero where it was not tried
   */
  public record Entry(Step step, Outcome outcome, Duration took) {}

  /** A step that failed, and why. */
  public record Failure(Step step, Throwable cause) {}

  /** The report of no steps at all: what {@link #plus} begins with. */
  public static Report empty() {
    return new Report(List.of(), Duration.ZERO);
  }

  /** This report and that of a run which came after it. */
  public Report plus(Report later) {
    List<Entry> both = new ArrayList<>(entries);
    both.addAll(later.entries);
    return new Report(both, took.plus(later.took));
  }

  /** Whether everything is as it should be now; of a plan: whether every check could be made. */
  public boolean succeeded() {
    return entries.stream()
        .allMatch(
            e ->
                e.outcome() instanceof Outcome.Unchanged
                    || e.outcome() instanceof Outcome.Changed
                    || e.outcome() instanceof Outcome.WouldChange
                    || e.outcome() instanceof Outcome.Later);
  }

  /** Whether nothing was changed and, of a plan, nothing would be. */
  public boolean nothingToDo() {
    return entries.stream().allMatch(e -> e.outcome() instanceof Outcome.Unchanged);
  }

  /** Whether somebody stopped it before it was through. */
  public boolean cancelled() {
    return count(Outcome.Cancelled.class) > 0;
  }

  /** Every step that failed, in the plan's order. */
  public List<Failure> failures() {
    List<Failure> failures = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.outcome() instanceof Outcome.Failed failed) {
        failures.add(new Failure(entry.step(), failed.cause()));
      }
    }
    return List.copyOf(failures);
  }

  /** The steps that ended in this way, in the plan's order. */
  public List<Entry> ended(Class<? extends Outcome> way) {
    return entries.stream().filter(e -> way.isInstance(e.outcome())).toList();
  }

  /** How many steps ended in this way. */
  public int count(Class<? extends Outcome> way) {
    return ended(way).size();
  }
}
