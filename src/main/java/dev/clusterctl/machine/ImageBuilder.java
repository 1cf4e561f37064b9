package dev.clusterctl.machine;

import dev.clusterctl.step.Step.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes images: mmdebstrap's archive goes straight into {@code docker import}. The image gets its
 * name only when both are done, so whatever is interrupted leaves none that looks whole.
 */
final class ImageBuilder {
  /** Of one process; the file lock is for several. */
  private static final ReentrantLock BUILDING = new ReentrantLock();

  private static final int REMEMBERED_LINES = 8;
  private static final String WAITING = "waiting for another build of the same image";

  private final DockerCli docker;
  private final ImageRecipe recipe;

  ImageBuilder(DockerCli docker, ImageRecipe recipe) {
    this.docker = docker;
    this.recipe = recipe;
  }

  boolean exists() throws MachineException {
    return exists(docker, recipe.name());
  }

  static boolean exists(DockerCli docker, String name) throws MachineException {
    DockerCli.Outcome outcome =
        docker.run(DockerCli.SHORT, List.of("image", "inspect", "--format={{.Id}}", name));
    if (!outcome.ok() && !outcome.err().contains("No such image")) {
      DockerCli.check("describe the image " + name, outcome);
    }
    return outcome.ok();
  }

  /** Makes the image unless somebody else did so meanwhile. */
  void build(Progress progress) throws MachineException, InterruptedException {
    if (!BUILDING.tryLock()) {
      progress.report(WAITING);
      BUILDING.lockInterruptibly();
    }
    try (FileChannel channel = lockFile();
        FileLock lock = lock(channel, progress)) {
      if (lock.isValid() && !exists()) {
        removeUnfinished();
        make(progress);
      }
    } catch (MachineException e) {
      throw e;
    } catch (IOException e) {
      throw new MachineException(
          "the image %s can't be made: %s".formatted(recipe.name(), e.getMessage()), "", e);
    } finally {
      BUILDING.unlock();
    }
  }

  private static FileLock lock(FileChannel channel, Progress progress) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock != null) {
      return lock;
    }
    progress.report(WAITING);
    return channel.lock();
  }

  private FileChannel lockFile() throws IOException {
    String configured = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).orElse("");
    Path cache =
        configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    Path directory = Files.createDirectories(cache.resolve("clusterctl"));
    return FileChannel.open(
        directory.resolve("image-" + recipe.hash() + ".lock"),
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
  }

  /** Images without a name that a killed build left, of this recipe only. */
  private void removeUnfinished() throws MachineException {
    List<String> ids =
        docker
            .check(
                "list images",
                DockerCli.SHORT,
                List.of(
                    "images",
                    "--quiet",
                    "--filter=dangling=true",
                    "--filter=label=" + Labels.RECIPE + "=" + recipe.hash()))
            .lines()
            .distinct()
            .toList();
    if (!ids.isEmpty()) {
      List<String> words = new ArrayList<>(List.of("rmi"));
      words.addAll(ids);
      // One that is in use stays; it is in nobody's way.
      docker.run(DockerCli.SHORT, words);
    }
  }

  private void make(Progress progress) throws IOException, InterruptedException {
    progress.report("starting mmdebstrap");
    List<String> proxies = HostApt.proxies();
    // In a file, as a proxy's address may contain a password, which the process list would show.
    Path aptOptions =
        Files.createTempFile(
            "clusterctl-apt",
            ".conf",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(aptOptions, proxies);
      List<String> options = proxies.isEmpty() ? List.of() : List.of(aptOptions.toString());
      pipe(recipe.command(HostApt.mirror(), options), progress);
    } finally {
      Files.delete(aptOptions);
    }
  }

  private void pipe(List<String> mmdebstrap, Progress progress)
      throws IOException, InterruptedException {
    List<Process> processes = startPipeline(mmdebstrap);
    Process first = processes.get(0);
    Process last = processes.get(1);
    try {
      CompletableFuture<List<String>> said = reading(first, progress);
      CompletableFuture<List<String>> importSaid = reading(last, line -> {});
      String id;
      try (BufferedReader out = last.inputReader(StandardCharsets.UTF_8)) {
        id = Optional.ofNullable(out.readLine()).orElse("").strip();
      }
      int made = first.waitFor();
      int imported = last.waitFor();
      List<String> words = said.get();
      // Where docker gives up first, mmdebstrap only says that nobody took its archive.
      boolean refused = words.stream().anyMatch(line -> line.contains("Broken pipe"));
      if (made != 0 && !refused) {
        discard(id);
        throw failed(words);
      }
      if (made != 0 || imported != 0 || id.isEmpty()) {
        discard(id);
        throw new MachineException(
            "Docker can't import the image: " + String.join("\n", importSaid.get()),
            "Look at the space left where Docker keeps its data: docker info, df -h",
            null);
      }
      docker.check("name the image", DockerCli.SHORT, List.of("tag", id, recipe.name()));
    } catch (ExecutionException e) {
      throw new IOException("what mmdebstrap printed can't be read", e);
    } finally {
      // mmdebstrap cleans up after itself when it is told to end.
      processes.forEach(Process::destroy);
    }
  }

  private List<Process> startPipeline(List<String> mmdebstrap) throws MachineException {
    try {
      return ProcessBuilder.startPipeline(
          List.of(
              new ProcessBuilder(mmdebstrap),
              new ProcessBuilder(
                  "docker",
                  "import",
                  "--change=CMD [\"/sbin/init\"]",
                  "--change=LABEL " + Labels.RECIPE + "=" + recipe.hash(),
                  "-")));
    } catch (IOException e) {
      throw new MachineException(
          "mmdebstrap can't be run: " + e.getMessage(),
          "Install it: scripts/quickstart.sh, or apt-get install mmdebstrap (with"
              + " debian-archive-keyring where the host isn't Debian).",
          e);
    }
  }

  private void discard(String id) throws MachineException {
    if (!id.isEmpty()) {
      docker.run(DockerCli.SHORT, List.of("rmi", id));
    }
  }

  private MachineException failed(List<String> lines) {
    String said = String.join("\n", lines);
    String advice = "";
    if (said.contains("unshare") || said.contains("newuidmap") || said.contains("user namespace")) {
      advice =
          "Without root, mmdebstrap needs user name spaces: apt-get install uidmap, and a line for"
              + " you in /etc/subuid; or run this once with sudo.";
    } else if (said.contains("NO_PUBKEY") || said.contains("keyring")) {
      advice = "The archive's keys are missing: apt-get install debian-archive-keyring";
    } else if (said.contains("No space left")) {
      advice = "The disk is full, perhaps that of /tmp: df -h";
    } else if (said.contains("Unable to locate package") || said.contains("no installation cand")) {
      advice =
          "%s has not all of these packages: %s. MySQL's are in Debian sid only."
              .formatted(recipe.os(), String.join(" ", recipe.packages()));
    } else if (said.contains("Could not resolve") || said.contains("Failed to fetch")) {
      advice = "The package mirror can't be reached; name another in machines.mirror.";
    }
    return new MachineException("mmdebstrap can't make the image: " + said, advice, null);
  }

  private static CompletableFuture<List<String>> reading(Process process, Progress progress) {
    CompletableFuture<List<String>> last = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              Deque<String> lines = new ArrayDeque<>();
              try (BufferedReader in =
                  new BufferedReader(
                      new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                  remember(lines, line);
                  if (line.startsWith("I: ") && !line.contains("-hook")) {
                    progress.report(line.substring(3));
                  }
                }
                last.complete(List.copyOf(lines));
              } catch (IOException e) {
                last.completeExceptionally(e);
              }
            },
            "image-output");
    reader.setDaemon(true);
    reader.start();
    return last;
  }

  private static void remember(Deque<String> lines, String line) {
    if (!line.isBlank() && !line.startsWith("done")) {
      lines.addLast(line.strip());
      if (lines.size() > REMEMBERED_LINES) {
        lines.removeFirst();
      }
    }
  }
}
