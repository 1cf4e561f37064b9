package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloneStatusTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, preparing",
    "512, 2048, 0.5 of 2.0 kB",
    "3145728, 10485760, 3.0 of 10.0 MB",
    "3328599654, 7945689498, 3.1 of 7.4 GB",
    "1099511627776, 4398046511104, 1.0 of 4.0 TB",
  })
  void bothFiguresAreInTheUnitOfTheWhole(long done, long expected, String text) {
    assertThat(new CloneStatus("10.0.0.1", done, expected).progress()).isEqualTo(text);
  }
}
