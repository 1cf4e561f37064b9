package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.RunLock;
import dev.clusterctl.operation.RunLog;
import dev.clusterctl.operation.StateDirectory;
import dev.clusterctl.output.Columns;
import dev.clusterctl.output.JsonOutput;
import dev.clusterctl.output.LiveOutput;
import dev.clusterctl.output.Output;
import dev.clusterctl.output.PlainOutput;
import dev.clusterctl.output.Style;
import dev.clusterctl.output.Summary;
import dev.clusterctl.output.Terminal;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Problem;
import dev.clusterctl.topology.ReadResult;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * All that a command needs to work on a cluster: the topology, the state directory (and the lock,
 * where the command changes something), the log, the output, an executor; and that it stops when
 * the user or {@code --timeout} says so: the executor is cancelled and the command's thread
 * interrupted.
 */
final class Session implements AutoCloseable {
  private final Clusterctl root;
  private final Topology topology;
  private final StateDirectory state;
  private final Optional<RunLock> lock;
  private final RunLog log;
  private final Output output;
  private final Summary summary = new Summary();
  private final EventSink events;
  private final Executor executor;
  private final Runnable stop;
  private final Optional<Deadline> deadline;

  private Session(
      Clusterctl root,
      Topology topology,
      StateDirectory state,
      Optional<RunLock> lock,
      RunLog log) {
    this.root = root;
    this.topology = topology;
    this.state = state;
    this.lock = lock;
    this.log = log;
    this.output = output(root);
    this.events =
        event -> {
          log.accept(event);
          summary.accept(event);
          output.accept(event);
        };
    this.executor = new Executor(root.parallel(), events);
    Thread command = Thread.currentThread();
    this.stop =
        () -> {
          say(Event.Level.INFO, stopping());
          executor.cancel();
          command.interrupt();
        };
    root.shell().cancellation().listen(stop);
    this.deadline = root.timeout().map(t -> Deadline.after(t, root.shell().cancellation()));
  }

  /**
   * Opens it.
   *
   * @throws InvalidFileException if the topology or its cluster.lock.yaml has mistakes
   * @throws UsageException if a global option makes no sense
   * @throws IOException if the state directory can't be used, or another run holds the lock
   */
  static Session open(Clusterctl root, String command, ClusterCommand.Access access)
      throws InvalidFileException, UsageException, IOException {
    if (root.parallel() < 1) {
      throw new UsageException("--parallel must be 1 or more, not " + root.parallel(), "");
    }
    ReadResult read = TopologyReader.read(root.file());
    Topology topology =
        read.topology().orElseThrow(() -> new InvalidFileException(root.file(), read.problems()));
    Locks.read(topology);
    StateDirectory state = StateDirectory.open(topology.stateDirectory());
    Optional<RunLock> lock =
        access == ClusterCommand.Access.CHANGES
            ? Optional.of(RunLock.acquire(state.lock(), command))
            : Optional.empty();
    RunLog log =
        RunLog.open(
            state.logs(),
            command,
            LocalDateTime.now(),
            root.debug() ? Optional.of(root.shell().err()) : Optional.empty());
    Session session = new Session(root, topology, state, lock, log);
    for (Problem warning : read.warnings()) {
      if (root.format() == Clusterctl.Format.JSON) {
        session.say(Event.Level.WARNING, warning.toString());
      } else {
        // Not among the results, which may be on their way into a file.
        root.shell().err().println(warning);
      }
    }
    return session;
  }

  private static Output output(Clusterctl root) {
    Shell shell = root.shell();
    if (root.format() == Clusterctl.Format.JSON) {
      return new JsonOutput(shell.out(), Clock.systemUTC());
    }
    Terminal terminal = root.terminal();
    Style style = new Style(terminal);
    // With --debug the log goes to the same terminal, and would be drawn over.
    if (!terminal.interactive() || root.debug()) {
      return new PlainOutput(shell.out(), style, System::nanoTime, root.debug());
    }
    LiveOutput live =
        new LiveOutput(shell.out(), style, System::nanoTime, () -> Terminal.size(shell.env()));
    Signals.onResize(live::resized);
    return live.start();
  }

  Topology topology() {
    return topology;
  }

  StateDirectory state() {
    return state;
  }

  /** Where results go. Progress goes to {@link #events}. */
  Output output() {
    return output;
  }

  /** Shows and logs events. */
  EventSink events() {
    return events;
  }

  /** The topology with the means to reach what it describes; the caller closes it. */
  Cluster cluster() throws IOException {
    return new Cluster(topology, state, env());
  }

  /**
   * A machine that the user named.
   *
   * @throws UsageException if the cluster has none of that name: says which it has
   */
  Machine machine(String name) throws UsageException {
    return topology.allMachines().stream()
        .filter(m -> m.name().value().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "%s has no machine %s".formatted(topology.name(), name),
                    "it has "
                        + topology.allMachines().stream()
                            .map(m -> m.name().value())
                            .collect(Collectors.joining(", "))));
  }

  /**
   * A MySQL node that the user named.
   *
   * @throws UsageException if there is no machine of that name, or it is the proxy's
   */
  Node node(String name) throws UsageException {
    return topology
        .node(machine(name).name())
        .orElseThrow(
            () -> new UsageException(name + " is the proxy", "name one of the MySQL nodes"));
  }

  /**
   * A database whose application's account tests may write as.
   *
   * @throws UsageException if the file names none
   */
  Database anyDatabase() throws UsageException {
    return topology.databases().stream()
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "the test writes as an application, and cluster.yaml names no database",
                    "add one under databases:, and run up"));
  }

  /** Runs plans; reports to {@link #events}. */
  Executor executor() {
    return executor;
  }

  /** The environment's variables: not {@link System#getenv}, so that tests can have their own. */
  Map<String, String> env() {
    return root.shell().env();
  }

  /** The process's streams, for commands that hand them on. */
  Shell shell() {
    return root.shell();
  }

  /** Says something that belongs to no step. */
  void say(Event.Level level, String text) {
    events.accept(new Event.Message(level, text));
  }

  /**
   * Asks before something is done that can't be undone.
   *
   * @param question what would happen: "remove 4 machines and their data?"
   * @return whether the user agrees, or did so beforehand by {@code --yes}
   * @throws UsageException if nobody is there to answer
   */
  boolean confirm(String question) throws UsageException, IOException {
    if (root.yes()) {
      return true;
    }
    if (!attended()) {
      throw new UsageException("nobody is there to answer: " + question, "add --yes");
    }
    root.shell().err().print(question + " [y/N] ");
    root.shell().err().flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(root.shell().in(), StandardCharsets.UTF_8));
    String answer = in.readLine();
    return answer != null
        && (answer.strip().toLowerCase(Locale.ROOT).equals("y")
            || answer.strip().toLowerCase(Locale.ROOT).equals("yes"));
  }

  /** Whether the user agreed beforehand ({@code --yes}) to what can't be undone. */
  boolean consent() {
    return root.yes();
  }

  /** Whether a person is there who could answer a question. */
  boolean attended() {
    return root.shell().inIsTerminal() && root.format() == Clusterctl.Format.TEXT;
  }

  /** Shows how the run of a plan went; the exit code that follows from it. */
  ExitCode finish(Report report) {
    summary.show(output, report, Optional.of(log.file()));
    return report.succeeded() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** The command returned: the exit code, once it is taken into account that it was stopped. */
  ExitCode ended(ExitCode code) {
    output.close();
    if (code == ExitCode.OK) {
      return code; // also if it was stopped too late
    }
    Optional<Cancellation.Reason> reason = root.shell().cancellation().reason();
    if (reason.isEmpty()) {
      return code;
    }
    return reason.get() == Cancellation.Reason.INTERRUPTED
        ? ExitCode.INTERRUPTED
        : failed(timedOut());
  }

  /** The command failed: tells why. */
  ExitCode failed(Exception failure) {
    output.close();
    log.failed(failure);
    Optional<Cancellation.Reason> reason = root.shell().cancellation().reason();
    if (reason.isEmpty()) {
      return Failures.tell(failure, root, Optional.of(log.file()));
    }
    // Whatever was thrown, it was because we were told to stop.
    return Failures.tell(
        reason.get() == Cancellation.Reason.INTERRUPTED
            ? new InterruptedException("stopped")
            : timedOut(),
        root,
        Optional.of(log.file()));
  }

  private TimeoutException timedOut() {
    return new TimeoutException(
        "it took longer than %s (--timeout), and was stopped"
            .formatted(Columns.duration(root.timeout().orElse(Duration.ZERO))));
  }

  private String stopping() {
    return root.shell().cancellation().reason().equals(Optional.of(Cancellation.Reason.TIMED_OUT))
        ? "the time is up (--timeout): stopping …"
        : "stopping … press Ctrl-C again to stop at once";
  }

  @Override
  public void close() throws IOException {
    deadline.ifPresent(Deadline::close);
    root.shell().cancellation().forget(stop);
    // The command is over: an interrupt that comes late must not disturb the closing.
    Thread.interrupted();
    output.close();
    log.close();
    if (lock.isPresent()) {
      lock.get().close();
    }
  }
}
