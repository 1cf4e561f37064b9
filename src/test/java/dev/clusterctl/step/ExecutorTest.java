package dev.clusterctl.step;

import static dev.clusterctl.step.TestStep.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.step.Event.Outcome;
import dev.clusterctl.step.Executor.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ExecutorTest {
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Executor executor = new Executor(4, events::add);

  @Test
  void appliesAStepOnlyAfterThoseThatItNeeds() {
    List<String> order = new CopyOnWriteArrayList<>();
    Report report =
        apply(
            step("c").needing("b").onApply(() -> order.add("c")),
            step("a").onApply(() -> order.add("a")),
            step("b").needing("a").onApply(() -> order.add("b")));

    assertThat(order).containsExactly("a", "b", "c");
    assertThat(report.succeeded()).isTrue();
    assertThat(report.count(Outcome.Changed.class)).isEqualTo(3);
  }

  @Test
  void runsStepsThatDoNotNeedEachOtherAtTheSameTime() {
    // Each waits for all the others: one after the other they would never end.
    CyclicBarrier together = new CyclicBarrier(4);
    Report report =
        apply(
            step("a").onApply(() -> together.await(10, TimeUnit.SECONDS)),
            step("b").onApply(() -> together.await(10, TimeUnit.SECONDS)),
            step("c").onApply(() -> together.await(10, TimeUnit.SECONDS)),
            step("d").onApply(() -> together.await(10, TimeUnit.SECONDS)));

    assertThat(report.failures()).isEmpty();
  }

  @Test
  void runsNoMoreStepsAtATimeThanItMay() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    TestStep[] steps = new TestStep[30];
    for (int i = 0; i < steps.length; i++) {
      steps[i] =
          step("s" + i)
              .onApply(
                  () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.yield();
                    return running.decrementAndGet();
                  });
    }
    apply(steps);
    assertThat(most.get()).isBetween(1, 4);
  }

  @Test
  void leavesAloneWhatIsSoAlready() {
    Report report =
        apply(
            step("a")
                .satisfied()
                .onApply(
                    () -> {
                      throw new AssertionError("applied");
                    }));

    assertThat(outcome(report, "a")).isEqualTo(new Outcome.Unchanged());
    assertThat(report.nothingToDo()).isTrue();
  }

  @Test
  void failsAStepThatStillDiffersAfterItWasApplied() {
    Report report = apply(step("a").thatNeverHelps());

    Throwable cause = report.failures().get(0).cause();
    assertThat(cause).isInstanceOf(StepFailedException.class);
    assertThat(((StepFailedException) cause).lastLines()).containsExactly("a is missing");
  }

  @Test
  void believesAStepThatVerifiesItself() {
    Report report = apply(step("a").thatNeverHelps().thatVerifiesItself());

    assertThat(report.succeeded()).isTrue();
  }

  @Test
  void skipsWhatNeedsAFailedStepAndGoesOnWithTheRest() {
    IOException first = new IOException("no space left");
    IllegalStateException second = new IllegalStateException("no answer");
    Report report =
        apply(
            step("a").onApply(() -> fail(first)),
            step("after-a").needing("a"),
            step("after-after-a").needing("after-a", "ok"),
            step("b").onCheck(() -> fail(second)),
            step("ok"),
            step("after-ok").needing("ok"));

    assertThat(report.failures()).extracting(Report.Failure::cause).containsExactly(first, second);
    Outcome skipped = new Outcome.Skipped("db1: title of a");
    assertThat(outcome(report, "after-a")).isEqualTo(skipped);
    assertThat(outcome(report, "after-after-a")).isEqualTo(skipped);
    assertThat(outcome(report, "after-ok")).isInstanceOf(Outcome.Changed.class);
    assertThat(report.succeeded()).isFalse();
    assertThat(report.cancelled()).isFalse();
  }

  @Test
  void aStepAfterOthersRunsWhereOneOfThemSucceeded() {
    Report report =
        apply(
            step("a").onApply(() -> fail(new IOException("no space left"))),
            step("b"),
            step("c").after("a", "b"));

    assertThat(outcome(report, "c")).isInstanceOf(Outcome.Changed.class);
  }

  @Test
  void aStepAfterOthersIsSkippedWhereAllOfThemFailed() {
    Report report =
        apply(
            step("a").onApply(() -> fail(new IOException("no space left"))),
            step("b").needing("a"),
            step("c").after("a", "b"));

    assertThat(outcome(report, "c")).isEqualTo(new Outcome.Skipped("db1: title of a"));
  }

  @Test
  void inAPlanAStepAfterOnesThatWouldChangeComesLater() {
    Report report =
        new Executor(4, event -> {})
            .run(
                Plan.of(List.of(step("a"), step("b").satisfied(), step("c").after("a", "b"))),
                Executor.Mode.PLAN);

    assertThat(outcome(report, "c")).isEqualTo(new Outcome.Later("db1: title of a"));
  }

  @Test
  void anErrorInAStepIsAFailureOfThatStep() {
    StackOverflowError error = new StackOverflowError();
    Report report =
        apply(
            step("a")
                .onCheck(
                    () -> {
                      throw error;
                    }));

    assertThat(report.failures()).extracting(Report.Failure::cause).containsExactly(error);
  }

  @Test
  void aPlanChecksAndNeverApplies() {
    Report report =
        run(
            Mode.PLAN,
            step("a").satisfied(),
            step("b").needing("a").onApply(() -> fail(new AssertionError("applied"))),
            step("c")
                .needing("a", "b")
                .onCheck(() -> fail(new AssertionError("checked too early"))),
            step("d").needing("c"));

    assertThat(outcome(report, "a")).isEqualTo(new Outcome.Unchanged());
    assertThat(outcome(report, "b"))
        .isEqualTo(new Outcome.WouldChange(List.of("b is missing"), List.of()));
    assertThat(outcome(report, "c")).isEqualTo(new Outcome.Later("db1: title of b"));
    assertThat(outcome(report, "d")).isEqualTo(new Outcome.Later("db1: title of b"));
    assertThat(report.succeeded()).isTrue();
    assertThat(report.nothingToDo()).isFalse();
  }

  @Test
  void whatCanBeForeseenIsToldInAPlanThoughItComesLater() {
    Report report =
        run(
            Mode.PLAN,
            step("a"),
            step("seen").needing("a").thatIsForeseeable(),
            step("fine").needing("a").thatIsForeseeable().satisfied(),
            step("unseen")
                .needing("a")
                .thatIsForeseeable()
                .onCheck(() -> fail(new IOException("not there yet"))));

    assertThat(outcome(report, "seen"))
        .isEqualTo(new Outcome.WouldChange(List.of("seen is missing"), List.of()));
    assertThat(outcome(report, "fine")).isEqualTo(new Outcome.Later("db1: title of a"));
    assertThat(outcome(report, "unseen")).isEqualTo(new Outcome.Later("db1: title of a"));
    assertThat(report.succeeded()).isTrue();
  }

  @Test
  void inAPlanAFailureOutweighsWhatIsLater() {
    Report report =
        run(
            Mode.PLAN,
            step("a"),
            step("b").onCheck(() -> fail(new IOException("broken"))),
            step("c").needing("a", "b"));

    assertThat(outcome(report, "c")).isEqualTo(new Outcome.Skipped("db1: title of b"));
  }

  @Test
  void cancelInterruptsWhatRunsAndBeginsNothingElse() throws Exception {
    CountDownLatch running = new CountDownLatch(2);
    List<Report> reports = new CopyOnWriteArrayList<>();
    CountDownLatch never = new CountDownLatch(1);
    Executor two = new Executor(2, events::add);
    Plan plan =
        Plan.of(
            List.of(
                step("a").onApply(() -> waitFor(running, never)),
                step("b").onCheck(() -> waitFor(running, never)),
                step("waits-for-a-thread").onCheck(() -> fail(new AssertionError("begun"))),
                step("after-a").needing("a")));
    Thread thread = new Thread(() -> reports.add(two.run(plan, Mode.APPLY)));
    thread.start();
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

    two.cancel();
    thread.join(10_000);

    assertThat(reports).hasSize(1);
    assertThat(reports.get(0).count(Outcome.Cancelled.class)).isEqualTo(4);
    assertThat(reports.get(0).cancelled()).isTrue();
    assertThat(two.run(plan, Mode.APPLY).count(Outcome.Cancelled.class)).isEqualTo(4);
  }

  @Test
  void anInterruptOfTheCallerCancelsAndIsPassedOn() {
    CountDownLatch never = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    Report report =
        apply(
            step("a")
                .onApply(
                    () -> {
                      caller.interrupt();
                      return never.await(10, TimeUnit.SECONDS);
                    }));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcome(report, "a")).isEqualTo(new Outcome.Cancelled());
  }

  @Test
  void aSinkThatThrowsDoesNotDisturbTheRun() {
    Executor deaf =
        new Executor(
            2,
            event -> {
              throw new IllegalStateException("no terminal");
            });

    Report report = deaf.run(Plan.of(List.of(step("a"), step("b").needing("a"))), Mode.APPLY);

    assertThat(report.count(Outcome.Changed.class)).isEqualTo(2);
  }

  @Test
  void tellsWhatHappensInOrder() {
    TestStep a = step("a");
    apply(a);

    assertThat(events.subList(0, 4))
        .containsExactly(
            new Event.StepStarted(a, Event.Activity.CHECKING),
            new Event.StepStarted(a, Event.Activity.APPLYING),
            new Event.StepProgress(a, "half way"),
            new Event.StepStarted(a, Event.Activity.VERIFYING));
    assertThat(events.get(4)).isInstanceOf(Event.StepEnded.class);
    assertThat(events).hasSize(5);
  }

  @Test
  void anEmptyPlanEndsAtOnce() {
    assertThat(apply().entries()).isEmpty();
  }

  @Test
  void reportsOfTwoRunsAddUp() {
    Report both = apply(step("a")).plus(apply(step("b").satisfied()));

    assertThat(both.entries()).extracting(e -> e.step().id()).containsExactly("a", "b");
    assertThat(both.took()).isGreaterThan(Duration.ZERO);
  }

  /** Whatever the graph and whatever fails: the outcomes follow from the needs' outcomes alone. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
  void outcomesOfRandomGraphsFollowFromTheirNeeds(long seed) {
    Random random = new Random(seed);
    Map<String, Set<String>> needs = new HashMap<>();
    Set<String> failing = new HashSet<>();
    Map<String, AtomicInteger> applied = new ConcurrentHashMap<>();
    Set<String> settled = ConcurrentHashMap.newKeySet();
    Set<String> tooEarly = ConcurrentHashMap.newKeySet();
    List<TestStep> steps = new ArrayList<>();
    int count = 20 + random.nextInt(80);
    for (int i = 0; i < count; i++) {
      String id = "s" + i;
      Set<String> mine = new HashSet<>();
      for (int n = random.nextInt(4); n > 0 && i > 0; n--) {
        mine.add("s" + random.nextInt(i));
      }
      needs.put(id, mine);
      boolean fails = random.nextInt(12) == 0;
      if (fails) {
        failing.add(id);
      }
      TestStep step =
          step(id)
              .needing(mine.toArray(String[]::new))
              .onApply(
                  () -> {
                    if (!settled.containsAll(mine)) {
                      tooEarly.add(id);
                    }
                    applied.computeIfAbsent(id, k -> new AtomicInteger()).incrementAndGet();
                    if (fails) {
                      throw new IOException(id);
                    }
                    return settled.add(id);
                  });
      steps.add(step);
    }
    java.util.Collections.shuffle(steps, random);

    Report report =
        new Executor(1 + random.nextInt(8), events::add).run(Plan.of(steps), Mode.APPLY);

    assertThat(tooEarly).isEmpty();
    assertThat(report.entries()).hasSize(count);
    Map<String, Outcome> outcomes = new HashMap<>();
    report.entries().forEach(e -> outcomes.put(e.step().id(), e.outcome()));
    outcomes.forEach(
        (id, outcome) -> {
          boolean blocked =
              needs.get(id).stream().anyMatch(n -> !(outcomes.get(n) instanceof Outcome.Changed));
          Class<?> expected =
              blocked
                  ? Outcome.Skipped.class
                  : failing.contains(id) ? Outcome.Failed.class : Outcome.Changed.class;
          assertThat(outcome).as(id).isInstanceOf(expected);
          assertThat(applied.containsKey(id)).as(id).isEqualTo(!blocked);
        });
    assertThat(applied.values()).allMatch(times -> times.get() == 1);
    assertThat(events.stream().filter(Event.StepEnded.class::isInstance)).hasSize(count);
  }

  private Report apply(TestStep... steps) {
    return run(Mode.APPLY, steps);
  }

  private Report run(Mode mode, TestStep... steps) {
    return executor.run(Plan.of(List.of(steps)), mode);
  }

  private static Outcome outcome(Report report, String id) {
    return report.entries().stream()
        .filter(e -> e.step().id().equals(id))
        .findFirst()
        .orElseThrow()
        .outcome();
  }

  private static Object fail(Exception e) throws Exception {
    throw e;
  }

  private static Object fail(Error e) {
    throw e;
  }

  private static boolean waitFor(CountDownLatch told, CountDownLatch never)
      throws InterruptedException {
    told.countDown();
    return never.await(20, TimeUnit.SECONDS);
  }
}
