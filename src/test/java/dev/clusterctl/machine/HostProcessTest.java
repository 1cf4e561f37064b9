package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProcessTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path directory;

  @Test
  void bothStreamsComeLineByLineWithTheExitStatus() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    HostProcess.Ended ended =
        HostProcess.run(bash("echo one; echo; echo two >&2; exit 3"), LONG, seen::add);
    assertThat(ended.status()).isEqualTo(3);
    assertThat(seen).containsExactly("one", "", "two");
    assertThat(ended.last(1)).isEqualTo("two");
    assertThat(ended.last(9)).isEqualTo("one\ntwo");
  }

  @Test
  void aProgramThatTakesTooLongIsEnded() {
    assertThatThrownBy(
            () -> HostProcess.run(bash("exec sleep 4711"), Duration.ofMillis(200), line -> {}))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("bash");
    assertThat(ProcessHandle.current().descendants())
        .noneMatch(child -> child.info().commandLine().orElse("").contains("4711"));
  }

  @Test
  void aProgramIsEndedWithTheThreadThatWaitsForIt() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                HostProcess.run(bash(unending()), LONG, line -> {});
              } catch (Exception e) {
                thrown.complete(e);
              }
            });
    thread.start();
    await().until(() -> Files.exists(directory.resolve("begun")));
    thread.interrupt();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(directory.resolve("ended")).exists();
  }

  /** Ends when it is told to, and leaves a sign of that. */
  private String unending() {
    return "cd '%s'; trap 'touch ended; exit' TERM; touch begun; while :; do sleep 0.05; done"
        .formatted(directory);
  }

  private static ProcessBuilder bash(String script) {
    return new ProcessBuilder("bash", "-c", script);
  }
}
