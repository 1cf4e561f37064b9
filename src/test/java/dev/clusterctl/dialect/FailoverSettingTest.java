package dev.clusterctl.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailoverSettingTest {
  @ParameterizedTest
  @CsvSource({
    "MEMBER_EXPEL_TIMEOUT, 5.7.44, false",
    "MEMBER_EXPEL_TIMEOUT, 8.0.12, false",
    "MEMBER_EXPEL_TIMEOUT, 8.0.13, true",
    "EXIT_STATE_ACTION, 5.7.23, false",
    "EXIT_STATE_ACTION, 5.7.24, true",
    "EXIT_STATE_ACTION, 8.0.11, false",
    "EXIT_STATE_ACTION, 8.0.12, true",
    "EXIT_STATE_ACTION_OFFLINE_MODE, 5.7.44, false",
    "EXIT_STATE_ACTION_OFFLINE_MODE, 8.0.17, false",
    "EXIT_STATE_ACTION_OFFLINE_MODE, 8.0.18, true",
    "CONSISTENCY, 8.0.13, false",
    "CONSISTENCY, 8.0.14, true",
    "AUTOREJOIN_TRIES, 8.0.15, false",
    "AUTOREJOIN_TRIES, 8.0.16, true",
    "UNREACHABLE_MAJORITY_TIMEOUT, 5.7.18, false",
    "UNREACHABLE_MAJORITY_TIMEOUT, 5.7.19, true",
    "UNREACHABLE_MAJORITY_TIMEOUT, 8.0.11, true",
    "COMMUNICATION_STACK_MYSQL, 8.0.26, false",
    "COMMUNICATION_STACK_MYSQL, 8.0.27, true",
    "COMMUNICATION_STACK_MYSQL, 26.10.0, true",
  })
  void aSettingIsThereFromTheReleaseThatBroughtIt(
      FailoverSetting setting, String version, boolean there) {
    assertThat(setting.isIn(ServerVersion.parse(version).orElseThrow())).isEqualTo(there);
  }
}
