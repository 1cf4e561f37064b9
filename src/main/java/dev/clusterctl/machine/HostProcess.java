package dev.clusterctl.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program of this host, run to its end. Both its streams come as one, line by line. */
final class HostProcess {
  private static final Logger LOG = LoggerFactory.getLogger(HostProcess.class);

  /** How long a program that was told to end may clean up. */
  private static final Duration CLEAN_UP = Duration.ofSeconds(20);

  private HostProcess() {}

  /** What a program left behind. */
  record Ended(int status, List<String> lines) {
    boolean ok() {
      return status == 0;
    }

    /** Its last lines that aren't blank. */
    String last(int count) {
      List<String> said = lines.stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
      return String.join("\n", said.subList(Math.max(0, said.size() - count), said.size()));
    }
  }

  /**
   * Runs a program; it gets nothing on standard input. Where the thread is interrupted or the time
   * is up, the program is told to end, and killed if it doesn't.
   *
   * @param onStart told of the process as soon as there is one
   * @param onLine told of each line as it comes, in another thread
   * @throws IOException if the program can't be started
   * @throws TimeoutException if it takes longer than the limit
   */
  static Ended run(
      ProcessBuilder builder,
      Duration limit,
      Consumer<ProcessHandle> onStart,
      Consumer<String> onLine)
      throws IOException, InterruptedException, TimeoutException {
    long start = System.nanoTime();
    Process process = builder.redirectErrorStream(true).start();
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Thread reader = new Thread(() -> read(process, lines, onLine), "host-process-output");
    reader.setDaemon(true);
    reader.start();
    try {
      onStart.accept(process.toHandle());
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException(
            "%s took longer than %d s".formatted(builder.command().get(0), limit.toSeconds()));
      }
      // A child of it that lives on may hold the stream open: what was said by then must do.
      reader.join(TimeUnit.SECONDS.toMillis(5));
      LOG.debug(
          "{}: {} after {} ms",
          String.join(" ", builder.command()),
          process.exitValue(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      synchronized (lines) {
        return new Ended(process.exitValue(), List.copyOf(lines));
      }
    } finally {
      end(process);
    }
  }

  /** The same, for a program that nobody has to know of while it runs. */
  static Ended run(ProcessBuilder builder, Duration limit, Consumer<String> onLine)
      throws IOException, InterruptedException, TimeoutException {
    return run(builder, limit, process -> {}, onLine);
  }

  private static void read(Process process, List<String> lines, Consumer<String> onLine) {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      in.lines()
          .forEach(
              line -> {
                lines.add(line);
                onLine.accept(line);
              });
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("the rest of a program's output can't be read: {}", e.getMessage());
    }
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(CLEAN_UP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
