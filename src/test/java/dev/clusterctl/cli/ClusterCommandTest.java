package dev.clusterctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.cli.ClusterCommand.Access;
import dev.clusterctl.operation.RunLock;
import dev.clusterctl.operation.StateDirectory;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.Executor.Mode;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.TestStep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Timeout(30)
class ClusterCommandTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CountDownLatch never = new CountDownLatch(1);
  private Shell shell;
  private Path file;

  @BeforeEach
  void aClusterFile() {
    shell =
        Shell.unattended(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of());
    file = directory.resolve("cluster.yaml");
    assertThat(Clusterctl.run(new String[] {"init", "--name=shop", "-f", file.toString()}, shell))
        .isZero();
    out.reset();
  }

  @Test
  void aRunThatSucceedsEndsWithItsSummary() {
    int code = run(s -> s.finish(s.executor().run(plan(TestStep.step("a")), Mode.APPLY)));

    assertThat(code).isZero();
    assertThat(out()).contains("title of a: changed").contains("done in").contains("1 changed");
    assertThat(state().exists()).isTrue();
  }

  @Test
  void aRunWithAFailedStepEndsWithOneAndNamesTheLog() throws IOException {
    TestStep broken =
        TestStep.step("a")
            .onApply(
                () -> {
                  throw new IOException("no space left");
                });
    int code = run(s -> s.finish(s.executor().run(plan(broken), Mode.APPLY)));

    assertThat(code).isEqualTo(1);
    assertThat(out()).contains("db1: title of a").contains("no space left").contains("full log: ");
    assertThat(log()).contains("FAILED [a] title of a").contains("java.io.IOException");
  }

  @Test
  void anExceptionIsToldWithoutItsStackTraceUnlessDebugIsOn() throws IOException {
    Body body =
        s -> {
          throw new IOException("db1 can't be reached");
        };
    assertThat(run(body)).isEqualTo(1);
    assertThat(err()).startsWith("clusterctl: db1 can't be reached\n").doesNotContain("\tat ");
    assertThat(log()).contains("\tat ");

    assertThat(run(body, "--debug")).isEqualTo(1);
    assertThat(err()).contains("\tat ");
  }

  @Test
  void theExitCodeOfACommandIsPassedOn() {
    assertThat(run(s -> ExitCode.UNHEALTHY)).isEqualTo(3);
  }

  @Test
  void aFileWithMistakesIsBadUsageAndNothingIsBegun() throws IOException {
    Files.writeString(file, "name: UPPER\n");
    int code =
        run(
            s -> {
              throw new AssertionError("begun");
            });

    assertThat(code).isEqualTo(2);
    assertThat(err()).contains(file + ":1:7: error");
    assertThat(directory.resolve(".clusterctl")).doesNotExist();
  }

  @Test
  void whileOneRunChangesTheClusterAnotherMayOnlyLook() throws IOException {
    StateDirectory state = StateDirectory.open(state().root());
    try (RunLock held = RunLock.acquire(state.lock(), "up")) {
      assertThat(held).isNotNull();
      assertThat(run(s -> ExitCode.OK)).isEqualTo(1);
      assertThat(err()).contains("another run is changing this cluster: clusterctl up, process");
      assertThat(runWith(Access.READS, s -> ExitCode.OK)).isZero();
    }
    assertThat(run(s -> ExitCode.OK)).isZero();
  }

  @Test
  void ctrlCStopsStepsInGoodOrderAndEndsWith130() {
    TestStep endless =
        TestStep.step("a")
            .onApply(
                () -> {
                  shell.cancellation().cancel(Cancellation.Reason.INTERRUPTED);
                  never.await();
                  return "";
                });
    int code = run(s -> s.finish(s.executor().run(plan(endless), Mode.APPLY)));

    assertThat(code).isEqualTo(130);
    assertThat(out()).contains("stopping … press Ctrl-C again").contains("stopped in");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void ctrlCInterruptsACommandThatRunsNoSteps() {
    int code =
        run(
            s -> {
              shell.cancellation().cancel(Cancellation.Reason.INTERRUPTED);
              never.await();
              return ExitCode.OK;
            });

    assertThat(code).isEqualTo(130);
    assertThat(err()).contains("clusterctl: stopped");
  }

  @Test
  void aCommandThatTakesTooLongIsStoppedAndHasFailed() {
    int code =
        run(
            s -> {
              never.await();
              return ExitCode.OK;
            },
            "--timeout",
            "50ms");

    assertThat(code).isEqualTo(1);
    assertThat(err()).contains("--timeout");
  }

  @Test
  void whatNobodyCanConfirmNeedsYes() {
    assertThat(run(s -> s.confirm("remove all?") ? ExitCode.OK : ExitCode.FAILED)).isEqualTo(2);
    assertThat(err()).contains("remove all?").contains("--yes");
    assertThat(run(s -> s.confirm("remove all?") ? ExitCode.OK : ExitCode.FAILED, "--yes"))
        .isZero();
  }

  @Test
  void withJsonEveryLineIsAnEventAlsoThatOfTheError() {
    int code =
        run(
            s -> {
              s.say(Event.Level.INFO, "hello");
              throw new IOException("broken");
            },
            "--output=json");

    assertThat(code).isEqualTo(1);
    List<String> lines = out().lines().toList();
    assertThat(lines).allMatch(l -> l.startsWith("{\"event\":"));
    assertThat(lines.get(lines.size() - 1))
        .contains("\"error\"")
        .contains("\"message\":\"broken\"");
    assertThat(err()).isEmpty();
  }

  private interface Body {
    ExitCode run(Session session) throws Exception;
  }

  @Command(name = "probe")
  private static final class Probe extends ClusterCommand {
    private final Body body;

    Probe(Access access, Body body) {
      super(access);
      this.body = body;
    }

    @Override
    ExitCode run(Session session) throws Exception {
      return body.run(session);
    }
  }

  private int run(Body body, String... options) {
    return runWith(Access.CHANGES, body, options);
  }

  private int runWith(Access access, Body body, String... options) {
    CommandLine line = new CommandLine(new Clusterctl(shell));
    line.addSubcommand("probe", new Probe(access, body));
    Clusterctl.configured(line);
    return line.execute(
        Stream.concat(Stream.of("probe", "-f", file.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private static Plan plan(TestStep... steps) {
    return Plan.of(List.of(steps));
  }

  private StateDirectory state() {
    return StateDirectory.at(directory.resolve(".clusterctl/shop"));
  }

  private String log() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> logs = Files.list(state().logs())) {
      for (Path log : logs.toList()) {
        text.append(Files.readString(log));
      }
    }
    return text.toString();
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
