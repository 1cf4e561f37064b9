package dev.clusterctl.operation.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GapsTest {
  @Test
  void theLongestGapLiesBetweenTwoSuccesses() {
    Gaps gaps = new Gaps(100);
    gaps.success(110);
    gaps.success(170);
    gaps.success(190);

    assertThat(gaps.longest(200)).isEqualTo(new Gaps.Gap(110, 170));
  }

  @Test
  void theTimeUntilTheEndOfTheLoadIsAGapToo() {
    Gaps gaps = new Gaps(100);
    gaps.success(150);

    assertThat(gaps.longest(300)).isEqualTo(new Gaps.Gap(150, 300));
  }

  @Test
  void withoutAnySuccessTheWholeLoadIsAGap() {
    assertThat(new Gaps(100).longest(400).length()).isEqualTo(Duration.ofNanos(300));
  }

  @Test
  void aSuccessThatIsReportedLateMovesNothingBack() {
    Gaps gaps = new Gaps(0);
    gaps.success(100);
    gaps.success(90);
    gaps.success(150);

    assertThat(gaps.longest(150)).isEqualTo(new Gaps.Gap(0, 100));
    gaps.forget();
    gaps.success(160);
    assertThat(gaps.longest(160)).isEqualTo(new Gaps.Gap(150, 160));
  }

  @Test
  void whatIsForgottenIsWhatIsOverAndTheOpenGapGoesOn() {
    Gaps gaps = new Gaps(0);
    gaps.success(1000);
    gaps.forget();
    gaps.success(1010);

    assertThat(gaps.longest(1011)).isEqualTo(new Gaps.Gap(1000, 1010));
  }

  @Test
  void instantsMayPassTheLargestNumberThereIs() {
    Gaps gaps = new Gaps(Long.MAX_VALUE - 10);
    gaps.success(Long.MIN_VALUE + 9);

    assertThat(gaps.longest(Long.MIN_VALUE + 10).length()).isEqualTo(Duration.ofNanos(20));
  }
}
