package dev.clusterctl.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.waiting.Waiting.Look;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private static final Duration LOOK = Duration.ofMillis(1);

  @Test
  void whatGoesOnChangingIsWaitedForHoweverLongItTakes() throws Exception {
    AtomicInteger percent = new AtomicInteger();
    Duration unchanged = Duration.ofMillis(200);
    long begin = System.nanoTime();
    int found =
        Waiting.whileChanging(
            "the copy is complete",
            unchanged,
            Duration.ofMillis(20),
            () ->
                percent.incrementAndGet() == 30
                    ? Look.found(percent.get())
                    : Look.notYet(percent + " %"));
    assertThat(found).isEqualTo(30);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(unchanged);
  }

  @Test
  void whatStandsStillIsGivenUpWithWhatWasSeen() {
    AtomicInteger percent = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Waiting.whileChanging(
                    "the copy is complete",
                    Duration.ofMillis(50),
                    LOOK,
                    () -> Look.notYet(Math.min(percent.incrementAndGet(), 3) + " %")))
        .isInstanceOf(WaitTimeoutException.class)
        .hasMessageContaining("the copy is complete")
        .hasMessageContaining("3 %");
  }

  @Test
  void aDeadlineEndsAWaitEvenWhereSomethingChanges() {
    AtomicInteger looks = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Waiting.until(
                    "it is there",
                    Duration.ofMillis(20),
                    LOOK,
                    () -> Look.notYet("look " + looks.incrementAndGet())))
        .isInstanceOf(WaitTimeoutException.class)
        .hasMessageContaining("it is there")
        .hasMessageContaining("look");
  }
}
