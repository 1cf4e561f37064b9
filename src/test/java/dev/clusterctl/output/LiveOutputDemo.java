package dev.clusterctl.output;

import static dev.clusterctl.step.TestStep.step;

import dev.clusterctl.step.Event;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Report;
import dev.clusterctl.step.TestStep;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Not a test: shows the live output of invented steps, for the eyes of whoever changes it. */
final class LiveOutputDemo {
  private LiveOutputDemo() {}

  public static void main(String[] args) {
    Map<String, String> env = System.getenv();
    Style style = new Style(Terminal.of(true, false, env));
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Summary summary = new Summary();
    Report report;
    try (LiveOutput output =
        new LiveOutput(out, style, System::nanoTime, () -> Terminal.size(env)).start()) {
      EventSink both =
          event -> {
            output.accept(event);
            summary.accept(event);
          };
      long start = System.nanoTime();
      both.accept(new Event.PhaseStarted("machines"));
      report = new Executor(4, both).run(plan(), Executor.Mode.APPLY);
      both.accept(new Event.PhaseEnded("machines", Duration.ofNanos(System.nanoTime() - start)));
      summary.show(output, report, Optional.of(Path.of("run.log")));
    }
  }

  private static Plan plan() {
    List<TestStep> steps = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String machine = i == 4 ? "proxy" : "db" + i;
      steps.add(step(machine + "/machine").on(machine).onApply(taking(1000 + 700 * i)));
      steps.add(
          step(machine + "/option-file")
              .on(machine)
              .needing(machine + "/machine")
              .onApply(i == 2 ? LiveOutputDemo::failing : taking(1500)));
      steps.add(
          step(machine + "/server")
              .on(machine)
              .needing(machine + "/option-file")
              .onApply(taking(2000)));
    }
    return Plan.of(steps);
  }

  private static Callable<?> taking(long milliseconds) {
    return () -> {
      Thread.sleep(milliseconds);
      return "";
    };
  }

  private static Object failing() throws IOException {
    throw new IOException("db2: '/etc/mysql/my.cnf' can't be written: no space left on device");
  }
}
