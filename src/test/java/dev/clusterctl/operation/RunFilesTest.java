package dev.clusterctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.operation.RenderedDirectory.Difference;
import dev.clusterctl.operation.RenderedDirectory.Kind;
import dev.clusterctl.step.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
  @TempDir private Path directory;

  @Test
  void theStateDirectoryIsItsOwnersOnlyAndKeptOutOfGit() throws IOException {
    StateDirectory state = StateDirectory.open(directory.resolve(".clusterctl/shop"));

    assertThat(mode(state.root())).isEqualTo("rwx------");
    assertThat(mode(state.ssh())).isEqualTo("rwx------");
    assertThat(directory.resolve(".clusterctl/.gitignore")).hasContent("*");
  }

  @Test
  void openingAStateDirectoryClosesItToOthersAgain() throws IOException {
    Path root = directory.resolve(".clusterctl/shop");
    StateDirectory.open(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    StateDirectory.open(root);

    assertThat(mode(root)).isEqualTo("rwx------");
  }

  @Test
  void aSecondRunIsToldWhoHoldsTheLock() throws IOException {
    Path file = directory.resolve("lock");
    try (RunLock held = RunLock.acquire(file, "up")) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> RunLock.acquire(file, "down"))
          .isInstanceOf(RunLockedException.class)
          .hasMessageContaining("clusterctl up, process " + ProcessHandle.current().pid());
      assertThat(Files.readString(file)).contains("clusterctl up");
    }
    RunLock.acquire(file, "down").close();
    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void theLockCanBeGivenBackByAnInterruptedThread() throws IOException {
    Path file = directory.resolve("lock");
    RunLock held = RunLock.acquire(file, "up");
    Thread.currentThread().interrupt();
    held.close();
    assertThat(Thread.interrupted()).isTrue();

    RunLock.acquire(file, "up").close();
  }

  @Test
  void theLogHasEventsAlsoThoseOfInterruptedThreadsAndIsItsOwnersOnly() throws IOException {
    RunLog log =
        RunLog.open(directory, "up", LocalDateTime.of(2026, 1, 2, 3, 4, 5), Optional.empty());
    try (log) {
      Thread.currentThread().interrupt();
      log.accept(new Event.Message(Event.Level.INFO, "first"));
      assertThat(Thread.interrupted()).isTrue();
      log.accept(new Event.Message(Event.Level.INFO, "second"));
    }

    assertThat(log.file()).hasFileName("20260102-030405-up.log");
    assertThat(mode(log.file())).isEqualTo("rw-------");
    assertThat(Files.readString(log.file())).contains("first").contains("second");
  }

  @Test
  void theOldestLogsOfTheSameCommandAreRemoved() throws IOException {
    Path other = Files.createFile(directory.resolve("20250101-000000-down.log"));
    for (int second = 0; second < RunLog.KEPT + 5; second++) {
      RunLog.open(directory, "up", LocalDateTime.of(2026, 1, 2, 3, 4, second), Optional.empty())
          .close();
    }
    try (var files = Files.list(directory)) {
      List<String> names = files.map(f -> f.getFileName().toString()).sorted().toList();
      assertThat(names).hasSize(RunLog.KEPT + 1).contains(other.getFileName().toString());
      assertThat(names.get(1)).isEqualTo("20260102-030405-up.log");
    }
  }

  @Test
  void renderedFilesAreWrittenOnceAndFoundUpToDateAfter() throws IOException {
    RenderedDirectory rendered = new RenderedDirectory(directory);
    SortedMap<String, String> files = new TreeMap<>(Map.of("db1/my.cnf", "a\n", "b", "b\n"));
    List<Difference> differences = rendered.compare(files);
    assertThat(differences).extracting(Difference::kind).containsOnly(Kind.MISSING);

    rendered.write(files, differences);

    assertThat(rendered.compare(files)).isEmpty();
    assertThat(directory.resolve("db1/my.cnf")).hasContent("a");
  }

  @Test
  void renderedFilesThatAreNoLongerWantedAreStaleAndThoseOfOthersAreNot() throws IOException {
    RenderedDirectory rendered = new RenderedDirectory(directory);
    SortedMap<String, String> before = new TreeMap<>(Map.of("a", "a\n", "b", "b\n"));
    rendered.write(before, rendered.compare(before));
    Files.writeString(directory.resolve("README"), "mine");
    SortedMap<String, String> after = new TreeMap<>(Map.of("b", "B\n"));

    List<Difference> differences = rendered.compare(after);
    assertThat(differences)
        .extracting(Difference::kind)
        .containsExactly(Kind.STALE, Kind.DIFFERENT);
    assertThat(differences.get(1).diff()).contains("-b", "+B");
    rendered.write(after, differences);

    assertThat(directory.resolve("a")).doesNotExist();
    assertThat(directory.resolve("README")).exists();
  }

  @Test
  void aFileThatSomebodyElseWroteIsNotOverwritten() throws IOException {
    RenderedDirectory rendered = new RenderedDirectory(directory);
    Files.writeString(directory.resolve("b"), "mine\n");
    SortedMap<String, String> files = new TreeMap<>(Map.of("a", "a\n", "b", "b\n"));
    List<Difference> differences = rendered.compare(files);

    assertThatThrownBy(() -> rendered.write(files, differences))
        .hasMessageContaining("clusterctl didn't write it");
    assertThat(directory.resolve("b")).hasContent("mine");
    assertThat(directory.resolve("a")).doesNotExist();
  }

  @Test
  void aListOfRenderedFilesCanNotNameFilesOutside() throws IOException {
    Files.writeString(directory.resolve(RenderedDirectory.LIST), "../other\n");

    assertThatThrownBy(() -> new RenderedDirectory(directory).compare(new TreeMap<>()))
        .hasMessageContaining("outside");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
