package dev.clusterctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.RealServer;
import dev.clusterctl.topology.Replication.Mode;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is rendered, given to real servers (which have no Group Replication plugin). */
@Tag("integration")
class RealServerRenderTest {
  private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String B = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

  /** Where the test has to say something else, so that servers don't collide; no variables. */
  private static final Set<String> OVERRIDDEN =
      Set.of("port", "user", "bind_address", "log_error", "plugin_load_add", "mysqlx");

  /** Systems A and B of a committed file on the 5.7 that they are made for, 8.0 in both modes. */
  static Stream<Arguments> optionFiles() {
    return Stream.of(
        Arguments.of(RealServer.Release.MYSQL_5_7_22, committed("cluster.yaml")),
        Arguments.of(RealServer.Release.MYSQL_5_7_22, committed("examples/simkp.yaml")),
        Arguments.of(
            RealServer.Release.MYSQL_8_0_12,
            TestTopologies.sandbox("8.0.12", Mode.SINGLE_PRIMARY, 512)),
        Arguments.of(
            RealServer.Release.MYSQL_8_0_12,
            TestTopologies.sandbox("8.0.12", Mode.MULTI_PRIMARY, 4096)));
  }

  private static Topology committed(String file) {
    return TopologyReader.read(Path.of(file)).topology().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("optionFiles")
  void aServerStartsWithItsOptionFileAndEveryValueIsInEffect(
      RealServer.Release release, Topology topology) throws Exception {
    String rendered = MyCnf.render(topology, topology.nodes().get(1));
    // The paths are those of an installed server; the plugin isn't in these.
    String optionFile =
        rendered
            .replaceAll("(?m)^!includedir .*$", "")
            .replaceAll("(?m)^(log_error|user|plugin_load_add) = .*$", "");
    try (RealServer server = RealServer.start(release, optionFile);
        Connection connection = server.connect()) {
      Map<String, String> wanted = options(optionFile);
      assertThat(wanted).containsKeys("gtid_mode", "super_read_only", "max_connections");
      SoftAssertions effects = new SoftAssertions();
      wanted.forEach(
          (name, value) ->
              effects
                  .assertThat(inEffect(connection, name))
                  .as(name)
                  .isEqualTo(name.equals("log_bin") ? "1" : plain(value)));
      effects.assertAll();
      assertThat(value(connection, "SELECT @@log_bin_basename")).endsWith("/binlog");
      // An option that this version doesn't know is an error, or a warning if it's a loose one:
      // and of these all are there, and none is refused for its value.
      long loose = optionFile.lines().filter(l -> l.startsWith("loose_group_replication_")).count();
      assertThat(loose).isGreaterThan(10);
      // The log has each twice: the data directory was made with the same file.
      assertThat(server.errorLogText().lines().filter(l -> l.contains("unknown variable")))
          .hasSizeGreaterThanOrEqualTo((int) loose)
          .allMatch(line -> line.contains("loose_group_replication_"));
    }
  }

  /** What the file sets in this server, but for what is the plugin's. */
  private static Map<String, String> options(String file) {
    Map<String, String> options = new LinkedHashMap<>();
    Matcher line = Pattern.compile("(?m)^([a-z_]+) = (.*)$").matcher(file);
    while (line.find()) {
      if (!line.group(1).startsWith("loose_") && !OVERRIDDEN.contains(line.group(1))) {
        options.put(line.group(1), line.group(2).replaceAll("^\"|\"$", ""));
      }
    }
    return options;
  }

  private static String inEffect(Connection connection, String name) {
    try {
      return plain(value(connection, "SELECT @@GLOBAL." + name));
    } catch (SQLException e) {
      return e.getMessage();
    }
  }

  /** A value as one text, however it is written: sizes in bytes, switches as ON and OFF. */
  private static String plain(String value) {
    Matcher size = Pattern.compile("([0-9]+)([KMG])").matcher(value);
    if (size.matches()) {
      int shift = 10 * (1 + "KMG".indexOf(size.group(2)));
      return String.valueOf(Long.parseLong(size.group(1)) << shift);
    }
    return switch (value) {
      case "ON" -> "1";
      case "OFF" -> "0";
      default -> value;
    };
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
      assertThat(value(connection, "SELECT sys.GTID_NORMALIZE('%s:7:1-3 , %s:4')".formatted(A, A)))
          .isEqualTo(A + ":1-4:7");
      assertThat(value(connection, "SELECT sys.gr_member_in_primary_partition()")).isEqualTo("NO");
      // No channel of a group, so no queue: not 0, which would be "nothing behind".
      assertThat(value(connection, "SELECT sys.gr_applier_queue_length() IS NULL")).isEqualTo("1");
      assertThat(value(connection, "SELECT COUNT(*) FROM sys.gr_member_routing_candidate_status"))
          .isEqualTo("1");
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
