package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotingTest {

  @Test
  void backticksInNamesAreDoubled() {
    assertThat(Quoting.identifier("shop")).isEqualTo("`shop`");
    assertThat(Quoting.identifier("a`; DROP TABLE b")).isEqualTo("`a``; DROP TABLE b`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "ends in a blank "})
  void namesThatMysqlCannotHaveAreRefused(String name) {
    assertThatThrownBy(() -> Quoting.identifier(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("can't be a name");
  }

  @Test
  void namesHaveAtMost64Characters() {
    assertThat(Quoting.identifier("x".repeat(64))).hasSize(66);
    assertThatThrownBy(() -> Quoting.identifier("x".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void quotesInStringsAreDoubledAndBackslashesNeverWritten() {
    assertThat(Quoting.literal("it's \"ok\" é 😀")).isEqualTo("'it''s \"ok\" é 😀'");
    assertThat(Quoting.literal("")).isEqualTo("''");
    assertThat(Quoting.literal("a\\'b")).isEqualTo("_utf8mb4 x'615C2762'");
    assertThat(Quoting.literal("a\0é\n")).isEqualTo("_utf8mb4 x'6100C3A90A'");
  }

  @Test
  void aPasswordThatNoPlainStringCanHoldIsRefusedWithoutShowingIt() {
    assertThat(Quoting.password("p'w")).isEqualTo("'p''w'");
    assertThatThrownBy(() -> Quoting.password("geheim\\"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backslash")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void accountsHaveBothPartsQuoted() {
    assertThat(Quoting.account("app", "192.168.16.%")).isEqualTo("'app'@'192.168.16.%'");
    assertThat(Quoting.account("o'hara", "db1")).isEqualTo("'o''hara'@'db1'");
    for (String host : new String[] {"", "a\\", "h".repeat(256)}) {
      assertThatThrownBy(() -> Quoting.account("app", host))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Quoting.account("u".repeat(33), "%"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
