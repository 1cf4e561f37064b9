package dev.clusterctl.output;

import dev.clusterctl.step.Event.Outcome;
import dev.clusterctl.step.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a plan would do: by machine, with diffs, and a total. */
public final class PlanView {
  private PlanView() {}

  /** Shows the report of a plan; in JSON as event {@code plan}. */
  public static void show(Output output, Report report) {
    output.result("plan", json(report), () -> lines(output.style(), report));
  }

  private static Map<String, Object> json(Report report) {
    List<Map<String, Object>> steps = new ArrayList<>();
    for (Report.Entry entry : report.entries()) {
      Map<String, Object> step = new LinkedHashMap<>();
      step.put("id", entry.step().id());
      step.put("machine", entry.step().subject());
      step.put("step", entry.step().title());
      step.putAll(JsonOutput.outcome(entry.outcome()));
      steps.add(step);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("nothingToDo", report.nothingToDo());
    json.put("wouldChange", report.count(Outcome.WouldChange.class));
    json.put("later", report.count(Outcome.Later.class));
    json.put("unchanged", report.count(Outcome.Unchanged.class));
    json.put("failed", report.count(Outcome.Failed.class));
    json.put("steps", steps);
    return json;
  }

  static List<String> lines(Style style, Report report) {
    List<String> lines = new ArrayList<>();
    Map<String, List<Report.Entry>> bySubject = new LinkedHashMap<>();
    for (Report.Entry entry : report.entries()) {
      if (!(entry.outcome() instanceof Outcome.Unchanged)) {
        bySubject.computeIfAbsent(entry.step().subject(), s -> new ArrayList<>()).add(entry);
      }
    }
    bySubject.forEach(
        (subject, entries) -> {
          lines.add(style.strong(subject));
          entries.forEach(entry -> lines.addAll(lines(style, entry)));
          lines.add("");
        });
    lines.add(total(style, report));
    return lines;
  }

  private static List<String> lines(Style style, Report.Entry entry) {
    List<String> lines = new ArrayList<>();
    String title = Columns.clean(entry.step().title());
    Outcome outcome = entry.outcome();
    if (outcome instanceof Outcome.WouldChange would) {
      lines.add("  " + style.changed("~") + " " + title);
      would.changes().forEach(c -> lines.add("      " + Columns.clean(c)));
      would.diff().forEach(d -> lines.add("      " + style.diffLine(d)));
    } else if (outcome instanceof Outcome.Later later) {
      lines.add(
          "  %s %s %s".formatted(style.dot(), title, style.faint("later, after " + later.after())));
    } else if (outcome instanceof Outcome.Failed failed) {
      lines.add("  " + style.cross() + " " + title);
      Explanation.of(failed.cause()).lines(style).forEach(l -> lines.add("      " + l));
    } else if (outcome instanceof Outcome.Skipped skipped) {
      lines.add(
          "  %s %s %s"
              .formatted(
                  style.dot(),
                  title,
                  style.warning("not checked, as this failed: " + skipped.because())));
    } else if (outcome instanceof Outcome.Cancelled) {
      lines.add("  %s %s %s".formatted(style.dot(), title, style.warning("not checked: stopped")));
    }
    return lines;
  }

  private static String total(Style style, Report report) {
    if (report.nothingToDo()) {
      return "%s nothing to do: everything is as the file says".formatted(style.tick());
    }
    List<String> parts = new ArrayList<>();
    parts.add(style.changed(report.count(Outcome.WouldChange.class) + " to change"));
    parts.add(report.count(Outcome.Later.class) + " later");
    parts.add(report.count(Outcome.Unchanged.class) + " as they should be");
    if (report.count(Outcome.Failed.class) > 0) {
      parts.add(style.bad(report.count(Outcome.Failed.class) + " could not be checked"));
    }
    return "plan: " + String.join(", ", parts);
  }
}
