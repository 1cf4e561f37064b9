package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("integration")
class RealServerTest {

  @ParameterizedTest
  @EnumSource
  void aServerStartsSaysItsVersionAndKeepsDataOverAKill(RealServer.Release release)
      throws Exception {
    try (RealServer server = RealServer.start(release)) {
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE kept");
        try (ResultSet rows = statement.executeQuery("SELECT version()")) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).startsWith(release.version().toString());
        }
      }
      server.kill();
      server.start();
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("USE kept");
      }
    }
  }

  @Test
  void aServerThatRefusesItsOptionFileSaysWhy() {
    assertThatThrownBy(
            () ->
                RealServer.start(RealServer.Release.MYSQL_5_7_22, "[mysqld]\nno_such_option=1\n")
                    .close())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no_such_option");
  }
}
