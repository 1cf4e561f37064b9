package dev.clusterctl.operation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.Event.Outcome;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.step.Explained;
import dev.clusterctl.step.Step;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The log file of a run: every event, and whatever else is logged. From {@code dev.clusterctl} all
 * down to debug, from libraries down to info.
 */
public final class RunLog implements EventSink, Closeable {
  /** How many logs of each command are kept. */
  static final int KEPT = 20;

  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level [%thread] %logger{0}: %msg%n%ex";

  private final Path file;
  private final LoggerContext context;
  private final Logger events;

  private RunLog(Path file, LoggerContext context) {
    this.file = file;
    this.context = context;
    this.events = context.getLogger("dev.clusterctl.run");
  }

  /**
   * Begins a log, readable by its owner only, and removes the oldest of the same command.
   *
   * @param directory where logs are kept; must exist
   * @param command the command's name, part of the file's name
   * @param now part of the file's name
   * @param copy where a copy goes, with {@code --debug}; is not closed
   */
  public static RunLog open(
      Path directory, String command, LocalDateTime now, Optional<PrintStream> copy)
      throws IOException {
    Path file = create(directory, STAMP.format(now), command);
    prune(directory, command);
    LoggerContext context = context();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    context.getLogger("dev.clusterctl").setLevel(Level.DEBUG);
    // Not Files.newOutputStream: an interrupted thread that logs would close that for everybody.
    attach(root, context, new FileOutputStream(file.toFile()));
    copy.ifPresent(to -> attach(root, context, new Unclosed(to)));
    return new RunLog(file, context);
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  @Override
  public void accept(Event event) {
    if (event instanceof Event.PhaseStarted started) {
      events.info("phase {}", started.phase());
    } else if (event instanceof Event.PhaseEnded ended) {
      events.info("phase {} took {} ms", ended.phase(), ended.took().toMillis());
    } else if (event instanceof Event.StepStarted started) {
      events.debug("{} {}", started.activity(), name(started.step()));
    } else if (event instanceof Event.StepProgress progress) {
      events.debug("{}: {}", name(progress.step()), progress.detail());
    } else if (event instanceof Event.StepEnded ended) {
      ended(ended);
    } else if (event instanceof Event.Message message) {
      events.info("{} {}", message.level(), message.text());
    }
  }

  /** Logs why the whole command failed, with its stack trace. */
  public void failed(Throwable failure) {
    events.error("the command failed", failure);
  }

  private void ended(Event.StepEnded ended) {
    String name = name(ended.step());
    long millis = ended.took().toMillis();
    if (ended.outcome() instanceof Outcome.Failed failed) {
      events.error("FAILED {} after {} ms", name, millis, failed.cause());
      if (failed.cause() instanceof Explained explained) {
        explained.lastLines().forEach(line -> events.error("{} | {}", name, line));
      }
    } else if (ended.outcome() instanceof Outcome.Changed changed) {
      events.info("CHANGED {} in {} ms", name, millis);
      changed.changes().forEach(change -> events.info("{} | {}", name, change));
    } else {
      events.info("{} {} in {} ms", ended.outcome(), name, millis);
    }
  }

  private static String name(Step step) {
    return "[%s] %s".formatted(step.id(), step.title());
  }

  /** Ends it: what is logged later is lost. */
  @Override
  public void close() {
    context.getLogger(Logger.ROOT_LOGGER_NAME).detachAndStopAllAppenders();
  }

  private static Path create(Path directory, String stamp, String command) throws IOException {
    for (int i = 1; ; i++) {
      // Two runs of one command in one second, both read-only: rare, and neither may lose its log.
      String suffix = i == 1 ? "" : "-" + i;
      try {
        return Files.createFile(
            directory.resolve(stamp + "-" + command + suffix + ".log"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } catch (FileAlreadyExistsException e) {
        if (i == 100) {
          throw e;
        }
      }
    }
  }

  private static void prune(Path directory, String command) throws IOException {
    Pattern ofCommand =
        Pattern.compile("[0-9]{8}-[0-9]{6}-" + Pattern.quote(command) + "(-[0-9]+)?\\.log");
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> logs =
          files
              .filter(f -> ofCommand.matcher(f.getFileName().toString()).matches())
              .sorted(Comparator.comparing(Path::toString).reversed())
              .toList();
      for (Path old : logs.subList(Math.min(KEPT, logs.size()), logs.size())) {
        Files.deleteIfExists(old); // another run may have been faster
      }
    }
  }

  /**
   * SLF4J gives a stand-in to whoever asks while another thread makes it ready; that thread holds
   * this lock.
   */
  private static LoggerContext context() {
    synchronized (LoggerFactory.class) {
      return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
  }

  private static void attach(Logger root, LoggerContext context, OutputStream to) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setPattern(PATTERN);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(to);
    appender.start();
    root.addAppender(appender);
  }

  /** A stream that belongs to somebody else. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length); // FilterOutputStream would write byte by byte
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
