package dev.clusterctl.output;

import dev.clusterctl.step.Event;
import dev.clusterctl.step.Event.Outcome;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.step.Report;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The end of a run in a few lines. Listens to the run's events for the phases' times. */
public final class Summary implements EventSink {
  private final List<Event.PhaseEnded> phases = new ArrayList<>();

  @Override
  public synchronized void accept(Event event) {
    if (event instanceof Event.PhaseEnded ended) {
      phases.add(ended);
    }
  }

  /**
   * Shows how the run went; in JSON as event {@code summary}.
   *
   * @param log where the full log is, if there is one
   */
  public synchronized void show(Output output, Report report, Optional<Path> log) {
    output.result("summary", json(report, log), () -> lines(output.style(), report, log));
  }

  private Map<String, Object> json(Report report, Optional<Path> log) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("succeeded", report.succeeded());
    json.put("nothingToDo", report.nothingToDo());
    json.put("seconds", JsonOutput.seconds(report.took()));
    Map<String, Object> times = new LinkedHashMap<>();
    phases.forEach(p -> times.merge(p.phase(), JsonOutput.seconds(p.took()), Summary::sum));
    json.put("phases", times);
    json.put("unchanged", report.count(Outcome.Unchanged.class));
    json.put("changed", report.count(Outcome.Changed.class));
    json.put("failed", report.count(Outcome.Failed.class));
    json.put("skipped", report.count(Outcome.Skipped.class));
    json.put("cancelled", report.count(Outcome.Cancelled.class));
    json.put("failures", report.failures().stream().map(Summary::failure).toList());
    log.ifPresent(path -> json.put("log", path.toString()));
    return json;
  }

  private static Object sum(Object a, Object b) {
    return ((Number) a).doubleValue() + ((Number) b).doubleValue();
  }

  private static Map<String, Object> failure(Report.Failure failure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", failure.step().id());
    json.put("machine", failure.step().subject());
    json.put("step", failure.step().title());
    json.putAll(JsonOutput.explanation(Explanation.of(failure.cause())));
    return json;
  }

  private List<String> lines(Style style, Report report, Optional<Path> log) {
    List<String> lines = new ArrayList<>();
    int steps = report.entries().size();
    String took = Columns.duration(report.took());
    if (report.nothingToDo()) {
      lines.add(
          "%s nothing to do: everything is as the file says %s"
              .formatted(style.tick(), style.faint("(%d checks, %s)".formatted(steps, took))));
      return lines;
    }
    for (Report.Failure failure : report.failures()) {
      lines.add("");
      lines.add(
          "%s %s: %s"
              .formatted(
                  style.cross(),
                  style.strong(failure.step().subject()),
                  Columns.clean(failure.step().title())));
      Explanation.of(failure.cause()).lines(style).forEach(l -> lines.add("  " + l));
    }
    lines.add("");
    lines.add(
        "%s in %s: %s".formatted(verdict(style, report), took, String.join(", ", counts(report))));
    if (!phases.isEmpty()) {
      lines.add(style.faint(times(style)));
    }
    if (!report.succeeded()) {
      log.ifPresent(path -> lines.add("the full log: " + path));
    }
    return lines;
  }

  private static String verdict(Style style, Report report) {
    if (!report.failures().isEmpty()) {
      return style.bad("failed");
    } else if (report.cancelled()) {
      return style.warning("stopped");
    }
    return style.good("done");
  }

  private static List<String> counts(Report report) {
    List<String> counts = new ArrayList<>();
    add(counts, report.count(Outcome.Changed.class), "changed");
    add(counts, report.count(Outcome.Unchanged.class), "unchanged");
    add(counts, report.count(Outcome.Failed.class), "failed");
    add(counts, report.count(Outcome.Skipped.class), "skipped");
    add(counts, report.count(Outcome.Cancelled.class), "stopped or not begun");
    return counts;
  }

  private static void add(List<String> counts, int count, String what) {
    if (count > 0) {
      counts.add(count + " " + what);
    }
  }

  private String times(Style style) {
    Map<String, Duration> times = new LinkedHashMap<>();
    phases.forEach(p -> times.merge(p.phase(), p.took(), Duration::plus));
    return times.entrySet().stream()
        .map(e -> e.getKey() + " " + Columns.duration(e.getValue()))
        .collect(Collectors.joining(" " + style.dot() + " "));
  }
}
