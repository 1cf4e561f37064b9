package dev.clusterctl.operation.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger(3);

  @Test
  void aRowIsInDoubtUntilItsFateIsKnown() {
    int seq = ledger.next();
    assertThat(ledger.fate(seq)).isEqualTo(Ledger.Fate.IN_DOUBT);
    ledger.acknowledged(seq);
    assertThat(ledger.fate(seq)).isEqualTo(Ledger.Fate.ACKNOWLEDGED);
  }

  @Test
  void numbersAreGivenOutOnceWhateverBecomesOfTheirRows() {
    ledger.refused(ledger.next());
    ledger.next();
    ledger.acknowledged(ledger.next());

    assertThat(ledger.next()).isEqualTo(3);
    assertThat(ledger.count(Ledger.Fate.REFUSED)).isEqualTo(1);
    assertThat(ledger.count(Ledger.Fate.ACKNOWLEDGED)).isEqualTo(1);
    assertThat(ledger.count(Ledger.Fate.IN_DOUBT)).isEqualTo(2);
  }

  @Test
  void whatWasNeverGivenOutWasNotSent() {
    ledger.next();
    assertThat(ledger.fate(1)).isEqualTo(Ledger.Fate.NOT_SENT);
    assertThat(ledger.fate(-1)).isEqualTo(Ledger.Fate.NOT_SENT);
  }

  @Test
  void onlyAcknowledgedRowsCanBeMissing() {
    ledger.acknowledged(ledger.next());
    ledger.refused(ledger.next());
    ledger.next();
    ledger.acknowledged(ledger.next());
    BitSet present = new BitSet();
    present.set(0);

    assertThat(ledger.missing(present).stream()).containsExactly(3);
    present.set(2);
    assertThat(ledger.inDoubtAmong(present).stream()).containsExactly(2);
  }

  @Test
  void tokensOfRowsWritersAndRunsDiffer() {
    assertThat(
            IntStream.range(0, 10_000)
                .mapToObj(i -> Ledger.token(i % 2 == 0 ? "a" : "b", i / 2 % 10, i / 20))
                .distinct())
        .hasSize(10_000);
  }
}
