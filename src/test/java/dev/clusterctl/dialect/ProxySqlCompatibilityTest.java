package dev.clusterctl.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.ProxySqlCompatibility.GroupMonitor;
import dev.clusterctl.dialect.ProxySqlCompatibility.Impossible;
import dev.clusterctl.dialect.ProxySqlCompatibility.Login;
import dev.clusterctl.dialect.ProxySqlCompatibility.ReadOnlyHostgroups;
import dev.clusterctl.dialect.ProxySqlCompatibility.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxySqlCompatibilityTest {
  private static final Path REFERENCE = Path.of("docs/proxysql.md");
  private static final Pattern TABLE =
      Pattern.compile("<!-- versions -->\n(.*?)<!-- end of versions -->\n", Pattern.DOTALL);

  /** Columns of the document's table, each with releases of it that must not differ. */
  private static final Map<String, String[]> COLUMNS =
      new TreeMap<>(
          Map.of(
              "5.7", new String[] {"5.7.23", "5.7.44"},
              "8.0", new String[] {"8.0.17", "8.0.36"},
              "8.4", new String[] {"8.4.0", "8.4.6"},
              "9.x, 26.x", new String[] {"9.0.0", "9.7.4", "26.10.0"}));

  private static Verdict of(String proxySql, String mysql, boolean nativePasswords) {
    return ProxySqlCompatibility.of(
        ProxySqlCompatibility.version(proxySql).orElseThrow(),
        ServerVersion.parse(mysql).orElseThrow(),
        nativePasswords);
  }

  /** A verdict in one word, as the table below has it. */
  private static String word(Verdict verdict) {
    if (verdict instanceof GroupMonitor monitor) {
      return monitor.question() + suffix(monitor.login());
    }
    if (verdict instanceof ReadOnlyHostgroups readOnly) {
      return (readOnly.staleReaders() ? "READ_ONLY+stale" : "READ_ONLY") + suffix(readOnly.login());
    }
    return "IMPOSSIBLE";
  }

  private static String suffix(Login login) {
    return login == Login.NATIVE_PASSWORD ? "+native" : "";
  }

  @ParameterizedTest
  @CsvSource({
    "1.3.9,  5.7.23,  false, IMPOSSIBLE",
    "1.4.0,  5.7.23,  false, VIEW+native",
    "1.4.4,  5.7.23,  false, VIEW+native",
    "1.4.16, 5.7.44,  false, VIEW+native",
    "1.4.16, 8.0.11,  false, VIEW+native",
    "1.4.16, 8.3.0,   false, VIEW+native",
    "1.4.16, 8.4.0,   false, IMPOSSIBLE",
    "1.4.16, 8.4.0,   true,  VIEW+native",
    "1.4.16, 9.0.0,   true,  IMPOSSIBLE",
    "2.0,    5.7.23,  false, VIEW+native",
    "2.0.8,  8.0.36,  false, VIEW+native",
    "2.0.8,  8.4.0,   false, IMPOSSIBLE",
    "2.0.8,  9.7.4,   true,  IMPOSSIBLE",
    "2.0.9,  5.7.23,  false, VIEW+native",
    "2.0.9,  8.0.3,   false, VIEW+native",
    "2.0.9,  8.0.4,   false, VIEW",
    "2.0.18, 9.7.4,   false, VIEW",
    "2.4.8,  8.0.36,  false, VIEW",
    "2.4.8,  26.10.0, false, VIEW",
    "2.5.0,  5.7.44,  false, VIEW+native",
    "2.5.0,  8.0.11,  false, OWN_QUERY",
    "2.5.5,  8.4.0,   false, OWN_QUERY",
    "2.5.5,  9.0.0,   false, VIEW",
    "2.6.0,  5.7.44,  false, READ_ONLY+stale+native",
    "2.6.0,  8.0.17,  false, OWN_QUERY",
    "2.7.1,  8.4.6,   false, OWN_QUERY",
    "2.7.1,  9.7.4,   false, READ_ONLY",
    "2.7.3,  9.7.4,   false, READ_ONLY",
    "3.0.1,  9.1.0,   false, READ_ONLY",
    "3.0.1,  8.0.36,  false, OWN_QUERY",
    "3.0.2,  8.4.6,   false, OWN_QUERY",
    "3.0.2,  9.1.0,   false, OWN_QUERY",
    "3.0.5,  26.10.0, false, OWN_QUERY",
    "3.0.5,  5.7.44,  false, READ_ONLY+stale+native",
    "4.0,    8.0.36,  false, IMPOSSIBLE",
  })
  void aPairOfVersionsCanDoWhatTheTableSays(
      String proxySql, String mysql, boolean nativePasswords, String verdict) {
    assertThat(word(of(proxySql, mysql, nativePasswords))).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "1.4, true",
    "1.4.16, true",
    "2.0.8, true",
    "2.0.9, false",
    "2.7, false",
    "3.0.2, false",
    "1.3, false",
    "newest, false"
  })
  void onlyOldOnesNeedNativePasswords(String version, boolean needs) {
    assertThat(ProxySqlCompatibility.needsNativePasswords(version)).isEqualTo(needs);
  }

  @Test
  void whereItIsImpossibleTheVersionsThatCanAreNamedAndCan() {
    Impossible impossible = (Impossible) of("1.4.16", "9.7.4", false);
    assertThat(impossible.reason()).contains("caching_sha2_password").contains("9.7");
    assertThat(impossible.instead()).contains("ProxySQL 2.0.9 or later");
    assertThat(of("2.0.9", "9.7.4", false)).isNotInstanceOf(Impossible.class);
    assertThat(of("1.4.16", "8.4.0", true)).isNotInstanceOf(Impossible.class);
  }

  @Test
  void whatIsNoVersionIsNotRead() {
    assertThat(ProxySqlCompatibility.version("two")).isEmpty();
    assertThat(ProxySqlCompatibility.version("2.7.1.1")).isEmpty();
    assertThat(ProxySqlCompatibility.version("2.7")).contains(new ServerVersion(2, 7, 0));
  }

  /** Run with {@code -Dgolden.update=true} to have it written. */
  @Test
  void theDocumentsTableIsWhatTheDataSays() throws IOException {
    String text = Files.readString(REFERENCE);
    if (Boolean.getBoolean("golden.update")) {
      text =
          TABLE
              .matcher(text)
              .replaceAll(
                  Matcher.quoteReplacement(
                      "<!-- versions -->\n" + table() + "<!-- end of versions -->\n"));
      Files.writeString(REFERENCE, text);
    }
    Matcher written = TABLE.matcher(text);
    assertThat(written.find()).isTrue();
    assertThat(written.group(1)).isEqualTo(table());
  }

  private static String table() {
    StringBuilder table = new StringBuilder("| ProxySQL |");
    COLUMNS.keySet().forEach(mysql -> table.append(" MySQL ").append(mysql).append(" |"));
    table.append("\n|").append("---|".repeat(COLUMNS.size() + 1)).append('\n');
    for (ProxySqlCompatibility.Range range : ProxySqlCompatibility.ranges()) {
      table.append("| ").append(range.name()).append(" |");
      COLUMNS.forEach(
          (column, releases) -> {
            String cell = cell(range.first().toString(), releases[0]);
            for (String release : releases) {
              assertThat(cell(range.first().toString(), release))
                  .as("ProxySQL %s with MySQL %s", range.name(), release)
                  .isEqualTo(cell);
            }
            table.append(' ').append(cell).append(" |");
          });
      table.append('\n');
    }
    return table.toString();
  }

  private static String cell(String proxySql, String mysql) {
    Verdict verdict = of(proxySql, mysql, false);
    if (verdict instanceof Impossible) {
      Verdict withOption = of(proxySql, mysql, true);
      return withOption instanceof Impossible
          ? "no: can't log in"
          : cell(withOption) + ", with `mysql_native_password: ON`";
    }
    return cell(verdict);
  }

  private static String cell(Verdict verdict) {
    if (verdict instanceof GroupMonitor monitor) {
      return (switch (monitor.question()) {
            case VIEW -> "view";
            case OWN_QUERY -> "own query";
          })
          + words(monitor.login());
    }
    ReadOnlyHostgroups readOnly = (ReadOnlyHostgroups) verdict;
    return "`super_read_only`"
        + words(readOnly.login())
        + (readOnly.staleReaders() ? ", stale readers" : "");
  }

  private static String words(Login login) {
    return switch (login) {
      case NATIVE_PASSWORD -> ", native";
      case CACHING_SHA2_PASSWORD -> ", sha2";
    };
  }
}
