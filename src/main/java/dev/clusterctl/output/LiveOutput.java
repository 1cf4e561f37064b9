package dev.clusterctl.output;

import dev.clusterctl.step.Event;
import dev.clusterctl.step.Event.Outcome;
import dev.clusterctl.step.Step;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * For a person at a terminal: a line for each machine, drawn over ten times a second, with what
 * changed scrolling away above. One thread draws; everybody else only leaves notes.
 */
public final class LiveOutput implements Output {
  private static final long REDRAW_MILLISECONDS = 100;
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintStream out;
  private final Style style;
  private final EventLines eventLines;
  private final LongSupplier nanoTime;
  private final Supplier<Terminal.Size> sizes;
  private final ScheduledExecutorService drawer;
  private final Thread restorer = new Thread(this::close, "restore-terminal");

  private final Map<String, Machine> machines = new LinkedHashMap<>();
  private final List<String> permanent = new ArrayList<>();
  private Terminal.Size size;
  private List<Integer> drawnWidths = List.of();
  private String phase = "";
  private long phaseStart;
  private boolean phaseFailed;
  private long frame;
  private boolean closed;

  /**
   * @param nanoTime the clock, as {@link System#nanoTime}
   * @param sizes asked at the start and whenever {@link #resized} is called
   */
  public LiveOutput(
      PrintStream out, Style style, LongSupplier nanoTime, Supplier<Terminal.Size> sizes) {
    this.out = out;
    this.style = style;
    this.eventLines = new EventLines(style, false);
    this.nanoTime = nanoTime;
    this.sizes = sizes;
    this.size = sizes.get();
    this.drawer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "live-output");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Begins to draw, until {@link #close} or the program's end. */
  public LiveOutput start() {
    // Whatever ends the program, the user wants the cursor back.
    Runtime.getRuntime().addShutdownHook(restorer);
    synchronized (this) {
      out.print(HIDE_CURSOR);
      out.flush();
    }
    drawer.scheduleAtFixedRate(
        this::draw, REDRAW_MILLISECONDS, REDRAW_MILLISECONDS, TimeUnit.MILLISECONDS);
    return this;
  }

  /** The terminal has another size now. */
  public void resized() {
    Terminal.Size now = sizes.get();
    synchronized (this) {
      size = now;
    }
  }

  @Override
  public synchronized void accept(Event event) {
    String mark = mark(event);
    for (String line : eventLines.of(event)) {
      permanent.add(mark + line);
      mark = "  ";
    }
    if (event instanceof Event.PhaseStarted started) {
      phase = started.phase();
      phaseStart = nanoTime.getAsLong();
      phaseFailed = false;
      machines.values().removeIf(m -> m.running.isEmpty());
    } else if (event instanceof Event.PhaseEnded ended) {
      permanent.add(
          "%s %s %s"
              .formatted(
                  phaseFailed ? style.cross() : style.tick(),
                  style.strong(ended.phase()),
                  style.faint(Columns.duration(ended.took()))));
      phase = "";
    } else if (event instanceof Event.StepStarted started) {
      machine(started.step()).started(started.step(), nanoTime.getAsLong());
    } else if (event instanceof Event.StepProgress progress) {
      machine(progress.step()).progress(progress.step(), progress.detail());
    } else if (event instanceof Event.StepEnded ended) {
      machine(ended.step()).ended(ended);
      phaseFailed |= ended.outcome() instanceof Outcome.Failed;
    }
  }

  @Override
  public synchronized void result(String kind, Map<String, ?> json, Supplier<List<String>> text) {
    permanent.addAll(text.get());
    draw();
  }

  @Override
  public Style style() {
    return style;
  }

  @Override
  public void close() {
    drawer.shutdownNow();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      machines.clear();
      phase = "";
      redraw();
      out.print(SHOW_CURSOR);
      out.flush();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(restorer);
    } catch (IllegalStateException e) {
      return; // the program ends already, and this is the hook
    }
  }

  /** Draws once, now. */
  synchronized void draw() {
    if (!closed) {
      frame++;
      redraw();
    }
  }

  private String mark(Event event) {
    if (event instanceof Event.StepEnded ended) {
      if (ended.outcome() instanceof Outcome.Changed) {
        return style.tick() + " ";
      } else if (ended.outcome() instanceof Outcome.Failed) {
        return style.cross() + " ";
      }
    }
    return "  ";
  }

  private Machine machine(Step step) {
    return machines.computeIfAbsent(step.subject(), Machine::new);
  }

  private void redraw() {
    List<String> live = liveLines();
    if (live.isEmpty() && drawnWidths.isEmpty() && permanent.isEmpty()) {
      return;
    }
    StringBuilder picture = new StringBuilder();
    if (!drawnWidths.isEmpty()) {
      // A line that was drawn before the window became narrower is several lines now.
      int rows = 0;
      for (int width : drawnWidths) {
        rows += Math.max(1, (width + size.columns() - 1) / size.columns());
      }
      picture.append("\u001b[").append(rows).append("A");
    }
    picture.append('\r').append(CLEAR_BELOW);
    permanent.forEach(line -> picture.append(line).append('\n'));
    permanent.clear();
    live.forEach(line -> picture.append(line).append('\n'));
    drawnWidths = live.stream().map(Columns::width).toList();
    out.print(picture);
    out.flush();
  }

  private List<String> liveLines() {
    List<String> lines = new ArrayList<>();
    long now = nanoTime.getAsLong();
    if (!phase.isEmpty()) {
      lines.add(
          "%s %s %s"
              .formatted(
                  style.spinner(frame), style.strong(phase), style.faint(since(phaseStart, now))));
    }
    int room = Math.max(1, size.rows() - lines.size() - 2);
    // Where there isn't room for all, those that work are worth more than those that are done.
    List<Machine> shown = new ArrayList<>(machines.values());
    shown.sort((a, b) -> Boolean.compare(a.running.isEmpty(), b.running.isEmpty()));
    int hidden = shown.size() - room;
    List<Machine> chosen = shown.subList(0, Math.min(room, shown.size()));
    int subjectColumns = machines.keySet().stream().mapToInt(Columns::width).max().orElse(0);
    for (Machine machine : machines.values()) {
      if (chosen.contains(machine)) {
        lines.add(machine.line(now, subjectColumns));
      }
    }
    if (hidden > 0) {
      lines.add(style.faint("  and " + hidden + " more"));
    }
    // The last column stays free: terminals differ in what they do when it is written to.
    return lines.stream()
        .map(l -> Columns.truncate(l, size.columns() - 1, style.ellipsis()))
        .toList();
  }

  private static String since(long start, long now) {
    return Columns.duration(Duration.ofNanos(now - start));
  }

  /** What is known of a machine's (or another subject's) steps. */
  private final class Machine {
    private final String name;
    private final Map<String, Running> running = new LinkedHashMap<>();
    private int done;
    private int changed;
    private boolean failed;

    Machine(String name) {
      this.name = name;
    }

    private record Running(String title, String detail, long start) {}

    void started(Step step, long now) {
      running.merge(
          step.id(), new Running(Columns.clean(step.title()), "", now), (before, unused) -> before);
    }

    void progress(Step step, String detail) {
      running.computeIfPresent(
          step.id(), (id, r) -> new Running(r.title(), Columns.clean(detail), r.start()));
    }

    void ended(Event.StepEnded ended) {
      running.remove(ended.step().id());
      boolean tried =
          !(ended.outcome() instanceof Outcome.Skipped
              || ended.outcome() instanceof Outcome.Cancelled);
      done += tried ? 1 : 0;
      changed += ended.outcome() instanceof Outcome.Changed ? 1 : 0;
      failed |= ended.outcome() instanceof Outcome.Failed;
    }

    String line(long now, int subjectColumns) {
      String subject = Columns.pad(name, subjectColumns);
      if (running.isEmpty()) {
        String told = changed == 0 ? done + " done" : done + " done, " + changed + " changed";
        return "%s %s  %s"
            .formatted(failed ? style.cross() : style.tick(), subject, style.faint(told));
      }
      // The step that began first is the one that the others may well wait for.
      Running first = running.values().iterator().next();
      StringBuilder line = new StringBuilder();
      line.append(failed ? style.cross() : style.spinner(frame)).append(' ').append(subject);
      line.append("  ").append(first.title());
      line.append(' ').append(style.faint(since(first.start(), now)));
      if (running.size() > 1) {
        line.append(style.faint(" +" + (running.size() - 1) + " more"));
      }
      if (!first.detail().isEmpty()) {
        line.append(' ').append(style.faint(style.dot() + " " + first.detail()));
      }
      return line.toString();
    }
  }
}
