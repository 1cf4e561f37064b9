package dev.clusterctl.output;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.Event.Outcome;
import dev.clusterctl.step.Step;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One JSON object a line, for programs. Keys are only ever added:
 *
 * <ul>
 *   <li>{@code event}: {@code phase-started}, {@code phase-ended}, {@code step-started}, {@code
 *       step-progress}, {@code step-ended}, {@code message}, {@code error}, or the name of a
 *       command's result
 *   <li>{@code time}: ISO 8601, UTC, milliseconds
 *   <li>{@code phase}: the phase's name; in {@code step-…} events that in which the step ran, if
 *       any
 *   <li>{@code id}, {@code machine}, {@code step}: a step's id, subject and title
 *   <li>{@code activity}: {@code checking}, {@code applying}, {@code verifying}
 *   <li>{@code outcome}: {@code unchanged}, {@code changed}, {@code would-change}, {@code later},
 *       {@code failed}, {@code skipped}, {@code cancelled}
 *   <li>{@code changes}, {@code diff}: lists of lines
 *   <li>{@code seconds}: how long it took
 *   <li>{@code message}, {@code lastLines}, {@code advice}: what failed, the failed command's last
 *       lines, what to do next
 *   <li>{@code because}: the step that failed before one that was skipped; {@code after}: the one
 *       that must be applied before one that is later
 *   <li>{@code level}: {@code info}, {@code warning}
 * </ul>
 */
public final class JsonOutput implements Output {
  private final PrintStream out;
  private final Clock clock;
  private String phase = "";

  public JsonOutput(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public synchronized void accept(Event event) {
    if (event instanceof Event.PhaseStarted started) {
      phase = started.phase();
      print(line("phase-started"));
    } else if (event instanceof Event.PhaseEnded ended) {
      Map<String, Object> line = line("phase-ended");
      line.put("phase", ended.phase());
      line.put("seconds", seconds(ended.took()));
      phase = "";
      print(line);
    } else if (event instanceof Event.StepStarted started) {
      Map<String, Object> line = line("step-started", started.step());
      line.put("activity", started.activity().name().toLowerCase(Locale.ROOT));
      print(line);
    } else if (event instanceof Event.StepProgress progress) {
      Map<String, Object> line = line("step-progress", progress.step());
      line.put("message", Columns.clean(progress.detail()));
      print(line);
    } else if (event instanceof Event.StepEnded ended) {
      Map<String, Object> line = line("step-ended", ended.step());
      line.putAll(outcome(ended.outcome()));
      line.put("seconds", seconds(ended.took()));
      print(line);
    } else if (event instanceof Event.Message message) {
      Map<String, Object> line = line("message");
      line.put("level", message.level().name().toLowerCase(Locale.ROOT));
      line.put("message", message.text());
      print(line);
    }
  }

  @Override
  public synchronized void result(String kind, Map<String, ?> json, Supplier<List<String>> text) {
    Map<String, Object> line = line(kind);
    line.putAll(json);
    print(line);
  }

  @Override
  public Style style() {
    return Style.plain();
  }

  @Override
  public void close() {
    out.flush();
  }

  /** The keys that say how a step ended. */
  static Map<String, Object> outcome(Outcome outcome) {
    Map<String, Object> keys = new LinkedHashMap<>();
    if (outcome instanceof Outcome.Unchanged) {
      keys.put("outcome", "unchanged");
    } else if (outcome instanceof Outcome.Changed changed) {
      keys.put("outcome", "changed");
      keys.put("changes", changed.changes());
    } else if (outcome instanceof Outcome.WouldChange would) {
      keys.put("outcome", "would-change");
      keys.put("changes", would.changes());
      keys.put("diff", would.diff());
    } else if (outcome instanceof Outcome.Later later) {
      keys.put("outcome", "later");
      keys.put("after", later.after());
    } else if (outcome instanceof Outcome.Failed failed) {
      keys.put("outcome", "failed");
      keys.putAll(explanation(Explanation.of(failed.cause())));
    } else if (outcome instanceof Outcome.Skipped skipped) {
      keys.put("outcome", "skipped");
      keys.put("because", skipped.because());
    } else if (outcome instanceof Outcome.Cancelled) {
      keys.put("outcome", "cancelled");
    }
    return keys;
  }

  /** The keys that say why something failed. */
  public static Map<String, Object> explanation(Explanation explanation) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("message", explanation.message());
    keys.put("lastLines", explanation.lastLines());
    keys.put("advice", explanation.advice());
    return keys;
  }

  /** Seconds, to the millisecond. */
  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private Map<String, Object> line(String event) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    if (!phase.isEmpty()) {
      line.put("phase", phase);
    }
    return line;
  }

  private Map<String, Object> line(String event, Step step) {
    Map<String, Object> line = line(event);
    line.put("id", step.id());
    line.put("machine", step.subject());
    line.put("step", step.title());
    return line;
  }

  private void print(Map<String, Object> line) {
    try {
      out.println(JSON.std.asString(line));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory doesn't fail
    }
    out.flush();
  }
}
