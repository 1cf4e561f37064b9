package dev.clusterctl.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DumpOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "5.7.22, --master-data=2, false",
    "8.0.1, --master-data=2, false",
    "8.0.25, --master-data=2, true",
    "8.0.26, --source-data=2, true",
    "9.7.4, --source-data=2, true",
  })
  void theMomentOfTheCopyIsAskedForAsTheVersionSaysIt(
      String version, String position, boolean statistics) {
    assertThat(DumpOptions.of(ServerVersion.parse(version).orElseThrow()))
        .contains(position, "--single-transaction", "--set-gtid-purged=ON")
        .filteredOn(o -> o.matches("--(master|source)-data.*|.*column-statistics"))
        .hasSize(statistics ? 2 : 1);
  }
}
