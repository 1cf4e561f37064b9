package dev.clusterctl.machine;

import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The {@code vagrant} command line, run where the cluster's Vagrantfile is. Each call starts Ruby,
 * which takes a second or two.
 */
final class VagrantCli {
  /** Suits what only looks. */
  static final Duration LOOK = Duration.ofMinutes(2);

  private static final Duration RETRY = Duration.ofSeconds(1);

  /** The user's own settings would lead Vagrant to another directory, file or tone. */
  private static final List<String> NOT_INHERITED =
      List.of(
          "VAGRANT_CWD",
          "VAGRANT_DOTFILE_PATH",
          "VAGRANT_VAGRANTFILE",
          "VAGRANT_LOG",
          "VAGRANT_FORCE_COLOR");

  private final String program;
  private final Path directory;
  private final Map<String, String> settings;
  private final RunningVagrant running;

  /** Vagrant changes one machine at a time with some backends; its own locks don't wait. */
  private final ReentrantLock changing = new ReentrantLock();

  /**
   * @param directory where the Vagrantfile is
   * @param backend Vagrant's name for what it makes machines with
   */
  VagrantCli(Path directory, String backend) {
    this("vagrant", directory, backend);
  }

  VagrantCli(String program, Path directory, String backend) {
    this.program = program;
    this.directory = directory;
    this.running = new RunningVagrant(directory.resolve("running"));
    this.settings =
        Map.of(
            "VAGRANT_DEFAULT_PROVIDER", backend,
            "VAGRANT_NO_COLOR", "1",
            // Asks its maker for a newer version otherwise.
            "VAGRANT_CHECKPOINT_DISABLE", "1");
  }

  /** What a call left behind. */
  record Outcome(int status, List<VagrantLine> lines, List<String> raw) {
    boolean ok() {
      return status == 0;
    }

    /** Why it failed, in Vagrant's words; its last lines where it doesn't say. */
    String why() {
      // The last one: those before it may only say that there will be one.
      return lines.stream()
          .filter(VagrantLine::isError)
          .map(line -> line.data().get(line.data().size() - 1))
          .reduce((earlier, later) -> later)
          .orElseGet(() -> new HostProcess.Ended(status, raw).last(8));
    }

    /** Whether another vagrant is at work on the same machine. */
    boolean locked() {
      String why = ok() ? "" : why().replace('\n', ' ');
      return why.contains("another process is already executing")
          || why.contains("the requested machine because it is locked");
    }
  }

  Path directory() {
    return directory;
  }

  /**
   * The version of Vagrant, from a look that needs no Vagrantfile and takes a tenth of a second.
   *
   * @throws MachineException if there is none, or it doesn't work
   */
  String version() throws MachineException {
    HostProcess.Ended ended =
        start(
            new ProcessBuilder(program, "--version"),
            LOOK,
            "say its version",
            process -> {},
            line -> {});
    Optional<String> version =
        ended.lines().stream()
            .filter(line -> line.startsWith("Vagrant "))
            .map(line -> line.substring("Vagrant ".length()).strip())
            .findFirst();
    if (!ended.ok() || version.isEmpty()) {
      throw VagrantFailure.broken(ended);
    }
    return version.get();
  }

  /**
   * Runs vagrant, which only looks. Another one that locks the machines for a moment is waited for.
   */
  Outcome look(List<String> arguments) throws MachineException {
    try {
      return Waiting.until(
          "another vagrant leaves the machines alone",
          LOOK,
          RETRY,
          () -> {
            Outcome outcome = run(LOOK, arguments, process -> {}, line -> {});
            return outcome.locked() ? Look.notYet(outcome.why()) : Look.found(outcome);
          });
    } catch (WaitTimeoutException e) {
      throw new MachineException(
          String.valueOf(e.getMessage()),
          "See which it is and what it waits for: ps aux | grep vagrant",
          e);
    } catch (InterruptedException e) {
      throw interrupted(arguments.get(0), e);
    }
  }

  /**
   * Runs vagrant, which changes something; one such call at a time.
   *
   * @param onLine told of each line as it comes
   */
  Outcome change(Duration limit, List<String> arguments, Consumer<VagrantLine> onLine)
      throws MachineException {
    try {
      changing.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(arguments.get(0), e);
    }
    try {
      Outcome outcome = run(limit, arguments, running::began, onLine);
      running.ended();
      return outcome;
    } catch (MachineException e) {
      throw e;
    } catch (IOException e) {
      throw new MachineException(
          "files in %s can't be written: %s".formatted(directory, e.getMessage()), "", e);
    } finally {
      changing.unlock();
    }
  }

  /** A vagrant that changes machines here, begun by a clusterctl that was killed. */
  Optional<ProcessHandle> leftRunning() throws MachineException {
    try {
      return running.find();
    } catch (IOException e) {
      throw new MachineException(
          "files in %s can't be read: %s".formatted(directory, e.getMessage()), "", e);
    }
  }

  private Outcome run(
      Duration limit,
      List<String> arguments,
      Consumer<ProcessHandle> onStart,
      Consumer<VagrantLine> onLine)
      throws MachineException {
    List<String> words = new ArrayList<>(List.of(program, "--machine-readable"));
    words.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
    NOT_INHERITED.forEach(builder.environment()::remove);
    builder.environment().putAll(settings);
    HostProcess.Ended ended =
        start(
            builder,
            limit,
            arguments.get(0),
            onStart,
            line -> VagrantLine.parse(line).ifPresent(onLine));
    return new Outcome(
        ended.status(),
        ended.lines().stream().flatMap(line -> VagrantLine.parse(line).stream()).toList(),
        ended.lines().stream().filter(line -> VagrantLine.parse(line).isEmpty()).toList());
  }

  private HostProcess.Ended start(
      ProcessBuilder builder,
      Duration limit,
      String what,
      Consumer<ProcessHandle> onStart,
      Consumer<String> onLine)
      throws MachineException {
    try {
      return HostProcess.run(builder, limit, onStart, onLine);
    } catch (TimeoutException e) {
      throw new MachineException(
          "vagrant %s took longer than %d s, and was stopped".formatted(what, limit.toSeconds()),
          "See what it waits for: cd %s && vagrant %s".formatted(directory, what),
          e);
    } catch (InterruptedException e) {
      throw interrupted(what, e);
    } catch (IOException e) {
      throw VagrantFailure.absent(e);
    }
  }

  private static MachineException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new MachineException("vagrant %s was interrupted".formatted(what), "", e);
  }
}
