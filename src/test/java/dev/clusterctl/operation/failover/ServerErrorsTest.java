package dev.clusterctl.operation.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerErrorsTest {

  @ParameterizedTest(name = "{0} {1}: certainly not written {2}, connection goes on {3}")
  @CsvSource({
    "1062, 23000, true, true",
    "1205, HY000, true, true",
    "1213, 40001, true, true",
    "1290, HY000, true, false",
    "1836, HY000, true, false",
    "1142, 42000, true, false",
    "1146, 42S02, true, false",
    "3098, HY000, true, false",
    "9001, HY000, true, false",
    "1053, 08S01, false, false",
    "1180, HY000, false, false",
    "1317, 70100, false, false",
    "3100, HY000, false, false",
    "3101, 40000, false, false",
    "2013, HY000, false, false",
    "2013, 42000, false, false",
    "0, 08S01, false, false",
  })
  void aCodeSaysWhatBecameOfTheRow(int code, String state, boolean refused, boolean keeps) {
    SQLException e = new SQLException("x", state, code);
    assertThat(ServerErrors.isRefusal(e)).isEqualTo(refused);
    assertThat(ServerErrors.keepsConnection(e)).isEqualTo(keeps);
  }

  @Test
  void aTimeOutLeavesTheRowInDoubtWhateverItsCode() {
    assertThat(ServerErrors.isRefusal(new SQLTimeoutException("x", "42000", 1146))).isFalse();
  }
}
