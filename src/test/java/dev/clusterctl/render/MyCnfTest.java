package dev.clusterctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.Replication.Mode;
import dev.clusterctl.topology.Topology;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MyCnfTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"5.7.18", "5.7.23", "5.7.44", "8.0.12", "8.0.21", "8.0.36", "8.4.3", "9.7.4"})
  void everyOptionAppearsOnceAndNoMemberIsEverWritableOutsideItsGroup(String version) {
    for (Mode mode : Mode.values()) {
      List<String> names = names(first(TestTopologies.sandbox(version, mode, 512)));
      Set<String> seen = new HashSet<>();
      assertThat(names.stream().filter(n -> !n.equals("plugin_load_add") && !seen.add(n)))
          .isEmpty();
      assertThat(first(TestTopologies.sandbox(version, mode, 512)))
          .contains("\nsuper_read_only = ON\n")
          .contains("\nloose_group_replication_start_on_boot = OFF\n")
          .contains("\nloose_group_replication_bootstrap_group = OFF\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "master_info_repository",
        "relay_log_info_repository",
        "replica_parallel_type",
        "slave_parallel_type",
        "transaction_write_set_extraction",
        "group_replication_ip_whitelist",
        "default_authentication_plugin",
        "innodb_log_file_size",
        "expire_logs_days"
      })
  void whatNineSevenRefusesIsNotThere(String option) {
    assertThat(names(first(TestTopologies.sandbox()))).doesNotContain(option, "loose_" + option);
  }

  @Test
  void offsetsNeverExceedTheIncrementHoweverLargeTheServerIds() {
    Topology topology = TestTopologies.withServerIds(TestTopologies.elaporan(), 130);
    assertThat(MyCnf.render(topology, topology.nodes().get(2)))
        .contains("server_id = 132\n")
        .contains("auto_increment_increment = 7\n")
        .contains("auto_increment_offset = 3\n");
  }

  @Test
  void aNodesOptionWinsOverTheClustersAndBothOverOurs() {
    Topology topology =
        TestTopologies.withOptions(
            TestTopologies.sandbox(),
            Map.of("max_connections", "100", "log-slave-updates", "ON"),
            Map.of("max_connections", "70"));
    String text = first(topology);
    assertThat(text).containsOnlyOnce("max_connections").contains("max_connections = 70\n");
    assertThat(text).containsOnlyOnce("log_replica_updates").doesNotContain("log_slave");
    assertThat(text).contains("performance_schema_max_thread_instances = 190\n");
  }

  @Test
  void valuesThatWouldBeMisreadAreQuoted() {
    Topology topology =
        TestTopologies.withOptions(
            TestTopologies.sandbox(), Map.of("init_connect", "SET @a = '#1'"), Map.of());
    assertThat(first(topology)).contains("init_connect = \"SET @a = '#1'\"\n");
  }

  @ParameterizedTest
  @CsvSource({
    "256, 16M, 60, 134217728",
    "512, 32M, 60, 134217728",
    "1024, 256M, 150, 134217728",
    "2048, 1024M, 200, 268435456",
    "8192, 4096M, 500, 855638016",
    "4096, 2048M, 500, 427819008",
    "65536, 38912M, 500, 1073741824",
  })
  void sizesFollowTheMachinesMemory(int memory, String pool, int connections, long cache) {
    assertThat(first(TestTopologies.sandbox("9.7.4", Mode.MULTI_PRIMARY, memory)))
        .contains("innodb_buffer_pool_size = " + pool + "\n")
        .contains("max_connections = " + connections + "\n")
        .contains("group_replication_message_cache_size = " + cache + "\n");
  }

  @ParameterizedTest
  @CsvSource({"2.7.1, 9.7.4, true", "3.0.2, 9.7.4, false", "2.7.1, 8.4.3, false"})
  void whereProxySqlReliesOnOfflineModeTheFileSaysSo(
      String proxySql, String mysql, boolean relies) {
    Topology sandbox = TestTopologies.sandbox(mysql, Mode.MULTI_PRIMARY, 512);
    String text = first(TestTopologies.withProxySql(sandbox, proxySql));
    assertThat(text).contains("loose_group_replication_exit_state_action = OFFLINE_MODE\n");
    if (relies) {
      assertThat(text).contains("# ProxySQL " + proxySql + " relies on it");
    } else {
      assertThat(text).doesNotContain("ProxySQL");
    }
  }

  private static String first(Topology topology) {
    return MyCnf.render(topology, topology.nodes().get(0));
  }

  private static List<String> names(String text) {
    return Pattern.compile("^([a-z_]+)(?: = .*)?$", Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(m -> m.group(1))
        .toList();
  }
}
