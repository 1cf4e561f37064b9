package dev.clusterctl.output;

import static dev.clusterctl.step.TestStep.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.Event.Outcome;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Explained;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Report;
import dev.clusterctl.step.TestStep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutputTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong nanoTime = new AtomicLong();
  private final TestStep optionFile = step("option-file");

  @Test
  void plainOutputHasALineForEachChangeAndNoneForWhatWasSoAlready() {
    PlainOutput output = new PlainOutput(out, Style.plain(), nanoTime::get, false);
    nanoTime.set(3_200_000_000L);
    output.accept(new Event.StepEnded(optionFile, new Outcome.Unchanged(), Duration.ZERO));
    output.accept(
        new Event.StepEnded(optionFile, new Outcome.Changed(List.of("x")), Duration.ZERO));

    assertThat(text()).isEqualTo("[   3.2s] db1      title of option-file: changed\n");
  }

  @Test
  void plainOutputTellsWhyAStepFailed() {
    new PlainOutput(out, Style.plain(), nanoTime::get, false)
        .accept(new Event.StepEnded(optionFile, new Outcome.Failed(new FullDisk()), Duration.ZERO));

    assertThat(text().lines().map(l -> l.substring(10)))
        .containsExactly(
            "db1      title of option-file: failed",
            "    can't write",
            "        cp: no space left",
            "      try: make room");
  }

  @Test
  void jsonOutputWritesOneObjectALineWithStableKeys() throws IOException {
    Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);
    JsonOutput output = new JsonOutput(out, clock);
    output.accept(new Event.PhaseStarted("servers"));
    output.accept(
        new Event.StepEnded(
            optionFile,
            new Outcome.Changed(List.of("a \"quoted\" line")),
            Duration.ofMillis(1500)));

    List<String> lines = text().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(JSON.std.mapFrom(lines.get(1)))
        .containsExactly(
            Map.entry("event", "step-ended"),
            Map.entry("time", "2026-01-02T03:04:05.678Z"),
            Map.entry("phase", "servers"),
            Map.entry("id", "option-file"),
            Map.entry("machine", "db1"),
            Map.entry("step", "title of option-file"),
            Map.entry("outcome", "changed"),
            Map.entry("changes", List.of("a \"quoted\" line")),
            Map.entry("seconds", 1.5));
  }

  @Test
  void liveOutputDrawsOverItsLinesAndCutsThemToTheWidth() {
    LiveOutput output = live(30);
    output.accept(new Event.StepStarted(optionFile, Event.Activity.APPLYING));
    output.accept(new Event.StepProgress(optionFile, "a detail that is far too long for this"));
    output.draw();
    assertThat(text()).doesNotContain("\u001b[1A");
    assertThat(Columns.width(text().strip().replace("\u001b[J", ""))).isEqualTo(29);

    bytes.reset();
    output.draw();
    assertThat(text()).startsWith("\u001b[1A\r\u001b[J");
  }

  @Test
  void liveOutputScrollsChangesAwayAboveTheLiveLines() {
    LiveOutput output = live(80);
    output.accept(new Event.StepStarted(optionFile, Event.Activity.APPLYING));
    output.draw();
    bytes.reset();
    output.accept(new Event.StepEnded(optionFile, new Outcome.Changed(List.of()), Duration.ZERO));
    output.draw();

    assertThat(text().split("\n", -1))
        .containsExactly(
            "\u001b[1A\r\u001b[J✓ db1      title of option-file: changed",
            "✓ db1  1 done, 1 changed",
            "");
  }

  @Test
  void liveOutputMarksAFailureOnceAndThePhaseThatItWasIn() {
    LiveOutput output = live(80);
    output.accept(new Event.PhaseStarted("servers"));
    output.accept(
        new Event.StepEnded(optionFile, new Outcome.Failed(new FullDisk()), Duration.ZERO));
    output.accept(new Event.PhaseEnded("servers", Duration.ofSeconds(2)));
    output.draw();

    assertThat(text().replace("\r\u001b[J", "").split("\n", -1))
        .containsExactly(
            "✗ db1      title of option-file: failed",
            "      can't write",
            "          cp: no space left",
            "        try: make room",
            "✗ servers 2.0s",
            "✗ db1  1 done",
            "");
  }

  @Test
  void liveOutputGoesUpOverLinesThatWrappedInANarrowerWindow() {
    Terminal.Size[] size = {new Terminal.Size(80, 24)};
    LiveOutput output = new LiveOutput(out, Style.plain(), nanoTime::get, () -> size[0]);
    output.accept(new Event.StepStarted(step("x".repeat(50)), Event.Activity.APPLYING));
    output.draw();
    bytes.reset();
    size[0] = new Terminal.Size(40, 24);
    output.resized();
    output.draw();

    assertThat(text()).startsWith("\u001b[2A\r");
  }

  @Test
  void liveOutputGivesTheCursorBackAndLeavesNoLiveLine() {
    LiveOutput output = live(80).start();
    output.accept(new Event.StepStarted(optionFile, Event.Activity.APPLYING));
    output.draw();
    output.close();

    assertThat(text()).startsWith("\u001b[?25l").endsWith("\u001b[1A\r\u001b[J\u001b[?25h");
  }

  @Test
  void liveOutputLeavesOutMachinesThatTheWindowHasNoRoomFor() {
    LiveOutput output =
        new LiveOutput(out, Style.plain(), nanoTime::get, () -> new Terminal.Size(80, 5));
    for (int i = 0; i < 8; i++) {
      output.accept(new Event.StepStarted(step("s" + i).on("db" + i), Event.Activity.APPLYING));
    }
    output.draw();

    assertThat(text().split("\n", -1)).hasSize(4 + 1);
    assertThat(text()).endsWith("and 5 more\n");
  }

  @Test
  void nothingFromElsewhereCanSteerTheTerminal() {
    assertThat(Columns.clean("a\u001b[2Jb\u001b]0;title\u0007c\r\nd\u0000")).isEqualTo("abc d");
  }

  @Test
  void textIsCutByColumnsNotByCharactersAndKeepsItsColoursClosed() {
    Style colours = new Style(new Terminal(true, true, true));
    assertThat(Columns.truncate("日本語", 5, "…")).isEqualTo("日本…");
    assertThat(Columns.truncate(colours.bad("failed"), 4, "…"))
        .isEqualTo("\u001b[31mfai…\u001b[0m");
    assertThat(Columns.truncate("short", 5, "…")).isEqualTo("short");
  }

  @Test
  void durationsReadWell() {
    assertThat(
            List.of(40L, 3_249L, 59_949L, 59_950L, 65_000L, 7_200_000L).stream()
                .map(ms -> Columns.duration(Duration.ofMillis(ms))))
        .containsExactly("0.0s", "3.2s", "59.9s", "1m00s", "1m05s", "2h00m");
  }

  @Test
  void tablesAlignWideTextAndColouredText() {
    Style colours = new Style(new Terminal(true, true, true));
    List<String> lines =
        new Table("NODE", "STATE")
            .row("db1", colours.good("ONLINE"))
            .row("日本", "OFFLINE")
            .lines(Style.plain());

    assertThat(lines)
        .containsExactly("NODE  STATE", "db1   \u001b[32mONLINE\u001b[0m", "日本  OFFLINE");
  }

  @Test
  void summarySaysSoWhenThereWasNothingToDo() {
    assertThat(summary(step("a").satisfied(), step("b").satisfied()))
        .contains("nothing to do: everything is as the file says");
  }

  @Test
  void summaryHasEveryFailureWithMachineStepLastLinesAndAdvice() {
    String text =
        summary(
            step("a").on("db1").onApply(() -> fail()),
            step("b").on("db2").onApply(() -> fail()),
            step("c").needing("a"),
            step("d"));

    assertThat(text)
        .contains("✗ db1: title of a\n  can't write\n      cp: no space left\n    try: make room")
        .contains("✗ db2: title of b")
        .contains("1 changed, 2 failed, 1 skipped")
        .contains("the full log: run.log");
  }

  @Test
  void aPlanShowsChangesByMachineThenTheTotal() {
    Report report =
        new Executor(1, e -> {})
            .run(
                Plan.of(
                    List.of(
                        step("a").on("db1"),
                        step("b").on("db2").satisfied(),
                        step("c").on("db1").needing("a"))),
                Executor.Mode.PLAN);

    assertThat(PlanView.lines(Style.plain(), report))
        .containsExactly(
            "db1",
            "  ~ title of a",
            "      a is missing",
            "  · title of c later, after db1: title of a",
            "",
            "plan: 1 to change, 1 later, 1 as they should be");
  }

  @Test
  void anExplanationNamesEachCauseOnceAndUnexpectedOnesByTheirType() {
    Exception root = new IndexOutOfBoundsException("Index 3 out of bounds");
    Exception outer = new IOException("db1: can't read", new IOException(root));

    assertThat(Explanation.of(outer).message())
        .contains("db1: can't read")
        .contains("IndexOutOfBoundsException: Index 3 out of bounds")
        .containsOnlyOnce("Index 3");
  }

  @Test
  void coloursNeedATerminalThatIsNotDumbAndAUserWhoWantsThem() {
    Map<String, String> xterm = Map.of("TERM", "xterm", "LANG", "C.UTF-8");
    assertThat(Terminal.of(true, false, xterm)).isEqualTo(new Terminal(true, true, true));
    assertThat(Terminal.of(false, false, xterm).colour()).isFalse();
    assertThat(Terminal.of(true, true, xterm).colour()).isFalse();
    assertThat(Terminal.of(true, false, Map.of("TERM", "xterm", "NO_COLOR", "1")).colour())
        .isFalse();
    assertThat(Terminal.of(true, false, Map.of("TERM", "dumb")).interactive()).isFalse();
    assertThat(Terminal.of(true, false, Map.of("TERM", "xterm", "LANG", "C")).unicode()).isFalse();
  }

  private String summary(TestStep... steps) {
    Summary summary = new Summary();
    Report report = new Executor(2, summary).run(Plan.of(List.of(steps)), Executor.Mode.APPLY);
    summary.show(
        new PlainOutput(out, Style.plain(), nanoTime::get, false),
        report,
        Optional.of(Path.of("run.log")));
    return text();
  }

  private static Object fail() throws IOException {
    throw new FullDisk();
  }

  private LiveOutput live(int columns) {
    return new LiveOutput(out, Style.plain(), nanoTime::get, () -> new Terminal.Size(columns, 24));
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static final class FullDisk extends IOException implements Explained {
    FullDisk() {
      super("can't write");
    }

    @Override
    public List<String> lastLines() {
      return List.of("cp: no space left");
    }

    @Override
    public String advice() {
      return "make room";
    }
  }
}
