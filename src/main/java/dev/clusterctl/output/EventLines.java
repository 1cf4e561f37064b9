package dev.clusterctl.output;

import dev.clusterctl.step.Event;
import dev.clusterctl.step.Event.Outcome;
import java.util.ArrayList;
import java.util.List;

/** The lines that an event leaves behind for people; most events leave none. */
final class EventLines {
  private final Style style;
  private final boolean verbose;
  private int subjectColumns = 8;

  /**
   * @param verbose whether steps that change nothing leave a line too
   */
  EventLines(Style style, boolean verbose) {
    this.style = style;
    this.verbose = verbose;
  }

  List<String> of(Event event) {
    if (event instanceof Event.StepEnded ended) {
      return ended(ended);
    } else if (event instanceof Event.Message message) {
      String text = Columns.clean(message.text());
      return List.of(
          message.level() == Event.Level.WARNING ? style.warning("warning: ") + text : text);
    } else if (event instanceof Event.PhaseStarted phase) {
      return verbose ? List.of(style.strong(phase.phase())) : List.of();
    }
    return List.of();
  }

  private List<String> ended(Event.StepEnded ended) {
    Outcome outcome = ended.outcome();
    if (outcome instanceof Outcome.Unchanged) {
      return verbose ? List.of(line(ended, style.faint("unchanged"))) : List.of();
    } else if (outcome instanceof Outcome.Changed) {
      return List.of(line(ended, style.changed("changed")));
    } else if (outcome instanceof Outcome.Failed failed) {
      List<String> lines = new ArrayList<>();
      lines.add(line(ended, style.bad("failed")));
      Explanation.of(failed.cause()).lines(style).forEach(l -> lines.add("    " + l));
      return lines;
    } else if (outcome instanceof Outcome.Skipped skipped) {
      return List.of(line(ended, style.warning("skipped") + " (" + skipped.because() + " failed)"));
    } else if (outcome instanceof Outcome.Cancelled) {
      return List.of(line(ended, style.warning("stopped")));
    }
    // WouldChange and Later belong to a plan, which is shown as a whole when it is complete.
    return verbose ? List.of(line(ended, style.faint("checked"))) : List.of();
  }

  private String line(Event.StepEnded ended, String how) {
    String subject = ended.step().subject();
    subjectColumns = Math.max(subjectColumns, Columns.width(subject));
    return "%s %s: %s"
        .formatted(Columns.pad(subject, subjectColumns), Columns.clean(ended.step().title()), how);
  }
}
