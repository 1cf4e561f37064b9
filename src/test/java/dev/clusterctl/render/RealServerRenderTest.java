package dev.clusterctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.RealServer;
import dev.clusterctl.topology.Replication.Mode;
import dev.clusterctl.topology.Topology;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is rendered, given to real servers (which have no Group Replication plugin). */
@Tag("integration")
class RealServerRenderTest {
  private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String B = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

  @ParameterizedTest
  @EnumSource
  void aServerStartsWithItsOptionFileAndIsReadOnly(RealServer.Release release) throws Exception {
    Topology topology =
        TestTopologies.sandbox(release.version().toString(), Mode.MULTI_PRIMARY, 512);
    // The paths are those of an installed server; the plugin isn't in these.
    String optionFile =
        MyCnf.render(topology, topology.nodes().get(1))
            .replaceAll("(?m)^!includedir .*$", "")
            .replaceAll("(?m)^(log_error|user|plugin_load_add) = .*$", "");
    try (RealServer server = RealServer.start(release, optionFile);
        Connection connection = server.connect()) {
      assertThat(value(connection, "SELECT @@super_read_only")).isEqualTo("1");
      assertThat(value(connection, "SELECT @@gtid_mode")).isEqualTo("ON");
      assertThat(value(connection, "SELECT @@auto_increment_offset")).isEqualTo("2");
      assertThat(value(connection, "SELECT @@max_connections")).isEqualTo("60");
      // An option that this version doesn't know is an error, or a warning if it's a loose one.
      assertThat(server.errorLogText().lines())
          .filteredOn(line -> line.contains("unknown"))
          .allMatch(line -> line.contains("loose_group_replication_"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSysHelpersCountAndReportAndMayBeMadeTwice(RealServer.Release release) throws Exception {
    try (RealServer server = RealServer.start(release);
        Connection connection = server.connect()) {
      for (int i = 0; i < 2; i++) {
        for (String sql : SysHelpers.sql(release.version())) {
          try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
          }
        }
      }
      assertThat(count(connection, "")).isZero();
      assertThat(count(connection, A + ":1")).isEqualTo(1);
      assertThat(count(connection, A + ":1-5")).isEqualTo(5);
      assertThat(count(connection, A + ":1-5:7," + B + ":1")).isEqualTo(7);
      assertThat(count(connection, A + ":1-5:7,\n" + B + ":10-19:30-31")).isEqualTo(18);
      assertThat(value(connection, "SELECT sys.IFZERO(0, 7)")).isEqualTo("7");
      assertThat(value(connection, "SELECT sys.IFZERO(3, 7)")).isEqualTo("3");
      assertThat(value(connection, "SELECT sys.LOCATE2(':', 'a:b', 1)")).isEqualTo("2");
      assertThat(value(connection, "SELECT sys.LOCATE2(':', 'a:b', 3)")).isEqualTo("4");
      assertThat(value(connection, "SELECT sys.gr_member_in_primary_partition()")).isEqualTo("NO");
      assertThat(
              value(
                  connection,
                  "SELECT CONCAT(viable_candidate, ' ', read_only) FROM"
                      + " sys.gr_member_routing_candidate_status"))
          .isEqualTo("NO NO");
      value(connection, "SET GLOBAL super_read_only = ON");
      assertThat(value(connection, "SELECT read_only FROM sys.gr_member_routing_candidate_status"))
          .isEqualTo("YES");
    }
  }

  private static long count(Connection connection, String set) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT sys.GTID_COUNT(?)")) {
      statement.setString(1, set);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.next() ? rows.getString(1) : "";
      }
    }
  }
}
