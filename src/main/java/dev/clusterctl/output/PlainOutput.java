package dev.clusterctl.output;

import dev.clusterctl.step.Event;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One line for each step that changed something or failed: for files, pipes and CI jobs. */
public final class PlainOutput implements Output {
  private final PrintStream out;
  private final EventLines lines;
  private final Style style;
  private final LongSupplier nanoTime;
  private final long start;

  /**
   * @param nanoTime the clock, as {@link System#nanoTime}
   * @param verbose whether steps that change nothing are shown too
   */
  public PlainOutput(PrintStream out, Style style, LongSupplier nanoTime, boolean verbose) {
    this.out = out;
    this.style = style;
    this.lines = new EventLines(style, verbose);
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  @Override
  public synchronized void accept(Event event) {
    Duration since = Duration.ofNanos(nanoTime.getAsLong() - start);
    for (String line : lines.of(event)) {
      out.println("[%7s] %s".formatted(Columns.duration(since), line));
    }
    out.flush();
  }

  @Override
  public synchronized void result(String kind, Map<String, ?> json, Supplier<List<String>> text) {
    text.get().forEach(out::println);
    out.flush();
  }

  @Override
  public Style style() {
    return style;
  }

  @Override
  public void close() {
    out.flush();
  }
}
