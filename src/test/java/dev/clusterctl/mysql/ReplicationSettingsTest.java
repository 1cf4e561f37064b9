package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.NodeName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationSettingsTest {
  @Test
  void whereAllIsAsItMustBeThereIsNothingToSay() {
    assertThat(ReplicationSettings.mistakes(List.of(good("db1", "1"), good("db2", "2")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gtid_mode, ON_PERMISSIVE, ON",
    "enforce_gtid_consistency, WARN, ON",
    "log_bin, OFF, ON",
    "binlog_format, MIXED, ROW",
    "log_slave_updates, OFF, ON",
    "log_replica_updates, OFF, ON",
  })
  void whatDiffersIsNamedWithTheNode(String name, String value, String wanted) {
    assertThat(
            ReplicationSettings.mistakes(
                List.of(good("db1", "1"), with(good("db2", "2"), name, value))))
        .containsExactly("db2 has %s=%s instead of %s".formatted(name, value, wanted));
  }

  @Test
  void whatMustBeUniqueAndIsntIsNamedWithAllWhoShareIt() {
    assertThat(
            ReplicationSettings.mistakes(
                List.of(
                    good("db1", "1"),
                    with(good("db2", "2"), "server_id", "1"),
                    with(good("db3", "3"), "server_uuid", "uuid-1"))))
        .containsExactly("db1 and db2 share server_id 1", "db1 and db3 share server_uuid uuid-1");
  }

  private static ReplicationSettings good(String node, String id) {
    return new ReplicationSettings(
        new NodeName(node),
        Map.of(
            "gtid_mode", "ON",
            "enforce_gtid_consistency", "ON",
            "log_bin", "ON",
            "binlog_format", "ROW",
            "log_slave_updates", "ON",
            "log_replica_updates", "ON",
            "server_id", id,
            "server_uuid", "uuid-" + id));
  }

  private static ReplicationSettings with(ReplicationSettings all, String name, String value) {
    Map<String, String> values = new TreeMap<>(all.values());
    values.put(name, value);
    return new ReplicationSettings(all.node(), values);
  }
}
