package dev.clusterctl.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.ProxySqlCompatibility.GroupMonitor;
import dev.clusterctl.dialect.ProxySqlCompatibility.Impossible;
import dev.clusterctl.dialect.ProxySqlCompatibility.ReadOnlyHostgroups;
import dev.clusterctl.dialect.ProxySqlCompatibility.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxySqlCompatibilityTest {
  private static Verdict of(String proxySql, String mysql, boolean nativePasswords) {
    return ProxySqlCompatibility.of(
        ProxySqlCompatibility.version(proxySql).orElseThrow(),
        ServerVersion.parse(mysql).orElseThrow(),
        nativePasswords);
  }

  /** A verdict in one word, as the table below has it. */
  private static String word(Verdict verdict) {
    if (verdict instanceof GroupMonitor monitor) {
      return monitor.question() + (monitor.nativePasswords() ? "+native" : "");
    }
    if (verdict instanceof ReadOnlyHostgroups readOnly) {
      return readOnly.staleReaders() ? "READ_ONLY+stale" : "READ_ONLY";
    }
    return "IMPOSSIBLE";
  }

  @ParameterizedTest
  @CsvSource({
    "1.3.9,  5.7.23,  false, IMPOSSIBLE",
    "1.4.0,  5.7.23,  false, VIEW",
    "1.4.16, 5.7.44,  false, VIEW",
    "1.4.16, 8.0.11,  false, VIEW+native",
    "1.4.16, 8.3.0,   false, VIEW+native",
    "1.4.16, 8.4.0,   false, IMPOSSIBLE",
    "1.4.16, 8.4.0,   true,  VIEW+native",
    "1.4.16, 9.0.0,   true,  IMPOSSIBLE",
    "2.0,    5.7.23,  false, VIEW",
    "2.0.0,  9.7.4,   false, VIEW",
    "2.4.8,  8.0.36,  false, VIEW",
    "2.4.8,  26.10.0, false, VIEW",
    "2.5.0,  5.7.44,  false, VIEW",
    "2.5.0,  8.0.11,  false, OWN_QUERY",
    "2.5.5,  8.4.0,   false, OWN_QUERY",
    "2.5.5,  9.0.0,   false, VIEW",
    "2.6.0,  5.7.44,  false, READ_ONLY+stale",
    "2.6.0,  8.0.17,  false, OWN_QUERY",
    "2.7.1,  8.4.6,   false, OWN_QUERY",
    "2.7.1,  9.7.4,   false, READ_ONLY",
    "3.0.1,  9.1.0,   false, READ_ONLY",
    "3.0.1,  8.0.36,  false, OWN_QUERY",
    "3.0.5,  26.10.0, false, READ_ONLY",
    "4.0,    8.0.36,  false, IMPOSSIBLE",
  })
  void aPairOfVersionsCanDoWhatTheTableSays(
      String proxySql, String mysql, boolean nativePasswords, String verdict) {
    assertThat(word(of(proxySql, mysql, nativePasswords))).isEqualTo(verdict);
  }

  @Test
  void whereItIsImpossibleTheVersionsThatCanAreNamed() {
    Impossible impossible = (Impossible) of("1.4.16", "9.7.4", false);
    assertThat(impossible.reason()).contains("caching_sha2_password").contains("9.7");
    assertThat(impossible.instead()).contains("ProxySQL 2.0 or later");
  }

  @Test
  void whatIsNoVersionIsNotRead() {
    assertThat(ProxySqlCompatibility.version("two")).isEmpty();
    assertThat(ProxySqlCompatibility.version("2.7.1.1")).isEmpty();
    assertThat(ProxySqlCompatibility.version("2.7")).contains(new ServerVersion(2, 7, 0));
  }
}
