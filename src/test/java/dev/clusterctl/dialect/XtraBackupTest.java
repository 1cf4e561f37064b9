package dev.clusterctl.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With what its manual shows: no XtraBackup was at hand. */
class XtraBackupTest {
  private static final String UUID = "0af9e292-e56b-11f1-a6a4-02420a63220b";

  @ParameterizedTest
  @CsvSource({
    "xtrabackup version 2.4.29 based on MySQL server 5.7.44 Linux (x86_64) (revision id: 2e6c0951), 2.4.29",
    "xtrabackup version 8.0.35-30 based on MySQL server 8.0.35 Linux (x86_64) (revision id: 6beb4b49), 8.0.35",
    "XtraBackup version 8.4.0-1 based on MySQL server 8.4.0 Linux (x86_64) (revision id: ), 8.4.0",
  })
  void itsVersionIsReadFromWhatItPrints(String printed, String version) {
    assertThat(XtraBackup.parse("some warning\n" + printed))
        .hasValueSatisfying(x -> assertThat(x.version()).hasToString(version));
  }

  @Test
  void whatIsntXtraBackupHasNoVersion() {
    assertThat(XtraBackup.parse("bash: xtrabackup: command not found")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "2.4.29, 5.7.22, true",
    "2.4.1, 5.7.44, true",
    "8.0.35, 5.7.44, false",
    "2.4.29, 8.0.35, false",
    "8.0.35, 8.0.35, true",
    "8.0.35, 8.0.12, true",
    "8.0.35, 8.0.36, false",
    "8.0.35, 8.4.0, false",
    "8.4.2, 8.4.0, true",
    "8.4.0, 9.7.4, false",
  })
  void eachCopiesItsOwnSeriesUpToItsOwnVersion(String own, String server, boolean can) {
    XtraBackup program = new XtraBackup(version(own));
    assertThat(program.refusal(version(server)).isEmpty()).isEqualTo(can);
  }

  @Test
  void theGtidsMayGoOverSeveralLines() {
    assertThat(XtraBackup.gtids("binlog.000003\t157\t" + UUID + ":1-5,\n" + UUID + ":7\n"))
        .isEqualTo(UUID + ":1-5," + UUID + ":7");
    assertThat(XtraBackup.gtids("binlog.000003\t157\n")).isEmpty();
    assertThatThrownBy(() -> XtraBackup.gtids("garbage"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ServerVersion version(String text) {
    return ServerVersion.parse(text).orElseThrow();
  }
}
