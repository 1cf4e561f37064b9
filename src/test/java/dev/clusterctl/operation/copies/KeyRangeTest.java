package dev.clusterctl.operation.copies;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyRangeTest {
  private static final TableColumn NUMBER = column("n", "int", Optional.empty());
  private static final TableColumn WORD = column("w", "varchar", Optional.of("latin1"));
  private static final TableColumn BYTES = column("b", "binary", Optional.empty());

  private static TableColumn column(String name, String type, Optional<String> charset) {
    return new TableColumn(name, type, type, charset, Optional.empty(), false, false);
  }

  @Test
  void aWholeTableHasNoCondition() {
    assertThat(KeyRange.ALL.condition(List.of(NUMBER))).isEqualTo("TRUE");
    assertThat(KeyRange.ALL.words(List.of(NUMBER))).isEqualTo("the whole table");
  }

  @Test
  void oneColumnIsComparedAsItIs() {
    KeyRange range = new KeyRange(List.of("-5"), List.of("7"));
    assertThat(range.condition(List.of(NUMBER))).isEqualTo("((`n` > -5)) AND ((`n` <= 7))");
    assertThat(range.words(List.of(NUMBER))).isEqualTo("n > -5 and n <= 7");
  }

  @Test
  void severalColumnsAreSpelledOutSoThatAnIndexIsOfUse() {
    KeyRange range = new KeyRange(List.of("1", "61E4"), List.of());
    assertThat(range.condition(List.of(NUMBER, WORD)))
        .isEqualTo("((`n` > 1) OR (`n` = 1 AND `w` > _latin1 x'61E4'))");
  }

  @Test
  void whatIsNoTextIsShownAsNumbers() {
    assertThat(KeyRange.shown(List.of(NUMBER, BYTES), List.of("1", "00FF")))
        .isEqualTo("(1, 0x00FF)");
    assertThat(KeyRange.shown(List.of(WORD), List.of("616263"))).isEqualTo("'abc'");
    assertThat(KeyRange.shown(List.of(WORD), List.of("61E4"))).isEqualTo("0x61E4");
  }
}
