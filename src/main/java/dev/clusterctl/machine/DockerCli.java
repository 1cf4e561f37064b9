package dev.clusterctl.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code docker} command line. Each call starts a process, which costs 30 to 60 ms. */
final class DockerCli {
  private static final Logger LOG = LoggerFactory.getLogger(DockerCli.class);

  /** Suits everything but pulling and importing images. */
  static final Duration SHORT = Duration.ofSeconds(60);

  private static final byte[] NOTHING = {};

  /** What a call left behind. */
  record Outcome(int status, String out, String err) {
    boolean ok() {
      return status == 0;
    }

    /** Its last lines, of standard error if there are any. */
    String lastLines() {
      List<String> lines =
          (err.isBlank() ? out : err).lines().filter(line -> !line.isBlank()).toList();
      return lines.stream()
          .skip(Math.max(0, lines.size() - 8L))
          .map(String::strip)
          .collect(Collectors.joining("\n"));
    }
  }

  /**
   * Runs docker with the given arguments.
   *
   * @throws MachineException if there is no docker command, it takes too long, its engine can't be
   *     reached, or the thread is interrupted
   */
  Outcome run(Duration timeout, List<String> arguments) throws MachineException {
    return run(timeout, arguments, NOTHING);
  }

  /** The same, with something on standard input. */
  Outcome run(Duration timeout, List<String> arguments, byte[] stdin) throws MachineException {
    List<String> words = new ArrayList<>(List.of("docker"));
    words.addAll(arguments);
    long start = System.nanoTime();
    Process process = start(words);
    try {
      CompletableFuture<String> out = reading(process.getInputStream());
      CompletableFuture<String> err = reading(process.getErrorStream());
      try (OutputStream in = process.getOutputStream()) {
        in.write(stdin);
      } catch (IOException e) {
        // It ended without reading all: its exit status and its words say why.
        LOG.debug("docker {} didn't read its input: {}", arguments.get(0), e.getMessage());
      }
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new MachineException(
            "docker %s took longer than %d s".formatted(arguments.get(0), timeout.toSeconds()),
            "See whether the Docker engine is healthy: docker info",
            null);
      }
      Outcome outcome =
          new Outcome(
              process.exitValue(), out.get(5, TimeUnit.SECONDS), err.get(5, TimeUnit.SECONDS));
      LOG.debug(
          "docker {}: {} after {} ms",
          String.join(" ", arguments),
          outcome.status(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      rejectAbsentEngine(outcome);
      return outcome;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MachineException("docker %s was interrupted".formatted(arguments.get(0)), "", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new MachineException(
          "what docker %s printed can't be read".formatted(arguments.get(0)), "", e);
    } finally {
      process.destroy();
    }
  }

  /**
   * Runs docker, which must succeed.
   *
   * @param what what it is for, for messages: "make the network"
   * @return what it printed on standard output
   */
  String check(String what, Duration timeout, List<String> arguments) throws MachineException {
    return check(what, run(timeout, arguments));
  }

  /** The outcome's standard output, if it succeeded. */
  static String check(String what, Outcome outcome) throws MachineException {
    if (!outcome.ok()) {
      throw new MachineException(
          "Docker can't %s: %s".formatted(what, outcome.lastLines()), "", null);
    }
    return outcome.out();
  }

  private static Process start(List<String> words) throws MachineException {
    try {
      return new ProcessBuilder(words).start();
    } catch (IOException e) {
      throw new MachineException(
          "the docker command can't be run: " + e.getMessage(),
          "Install Docker: scripts/quickstart.sh does it on Debian, as does"
              + " apt-get install --no-install-recommends docker.io",
          e);
    }
  }

  private static CompletableFuture<String> reading(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            },
            "docker-output");
    reader.setDaemon(true);
    reader.start();
    return text;
  }

  private static void rejectAbsentEngine(Outcome outcome) throws MachineException {
    if (outcome.ok()) {
      return;
    }
    String said = outcome.err() + outcome.out();
    if (said.contains("permission denied") && said.contains("daemon socket")) {
      throw new MachineException(
          "the Docker engine refuses this user: " + outcome.lastLines(),
          "Join the group docker (sudo usermod -aG docker $USER, then log in again), or use sudo.",
          null);
    }
    if (said.contains("Cannot connect to the Docker daemon")
        || said.contains("failed to connect to the docker API")
        || said.contains("error during connect")) {
      throw new MachineException(
          "the Docker engine doesn't answer: " + outcome.lastLines(),
          "Start it: sudo systemctl start docker, or scripts/quickstart.sh where no systemd runs.",
          null);
    }
  }
}
