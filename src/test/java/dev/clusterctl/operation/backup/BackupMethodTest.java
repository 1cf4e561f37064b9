package dev.clusterctl.operation.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.ServerVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupMethodTest {

  @ParameterizedTest
  @CsvSource({
    "CLONE, 9.7.4, 9.7.4, true",
    "CLONE, 9.7.4, 9.7.5, true",
    "CLONE, 9.7.5, 9.7.4, false",
    "CLONE, 8.4.9, 9.7.4, false",
    "XTRABACKUP, 5.7.44, 8.0.40, false",
    "MYSQLDUMP, 5.7.22, 9.7.4, true",
    "MYSQLDUMP, 9.7.5, 9.7.4, true",
    "MYSQLDUMP, 9.7.4, 8.4.9, false"
  })
  void filesAreForTheirOwnSeriesAndSqlIsForNewerOnesToo(
      BackupMethod method, String of, String to, boolean fits) {
    assertThat(
            method
                .refusal(
                    ServerVersion.parse(of).orElseThrow(), ServerVersion.parse(to).orElseThrow())
                .isEmpty())
        .isEqualTo(fits);
  }
}
