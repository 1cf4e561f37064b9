package dev.clusterctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The two systems that were built by hand before there was clusterctl, value by value: what their
 * builders wrote into their files is in the rendered files, in the words of MySQL 5.7, ProxySQL 1.4
 * and Vagrant.
 */
class SystemsTest {

  /**
   * A system as its builders' notes have it.
   *
   * @param nodes name, address and server_id of each
   */
  record Built(
      String file,
      String group,
      List<List<String>> nodes,
      String proxy,
      String database,
      String user) {

    SortedMap<String, String> rendered() {
      Topology topology = TopologyReader.read(Path.of(file)).topology().orElseThrow();
      return Files.of(topology, PackageLock.EMPTY);
    }

    List<String> addresses() {
      return nodes.stream().map(node -> node.get(1)).toList();
    }

    @Override
    public String toString() {
      return file;
    }
  }

  static Stream<Built> systems() {
    return Stream.of(
        new Built(
            "cluster.yaml",
            "82a56cf6-86d5-420a-bc67-386bc98e3c8b",
            List.of(
                List.of("db1", "192.168.16.13", "1"),
                List.of("db2", "192.168.16.14", "2"),
                List.of("db3", "192.168.16.15", "3")),
            "192.168.16.12",
            "elaporan",
            "proxuser"),
        new Built(
            "examples/simkp.yaml",
            "8f22f846-9922-4139-b2b7-097d185a93cb",
            List.of(
                List.of("db0", "192.168.16.130", "130"),
                List.of("db1", "192.168.16.131", "131"),
                List.of("db2", "192.168.16.132", "132")),
            "192.168.16.129",
            "simkp",
            "simkpuser"));
  }

  @ParameterizedTest
  @MethodSource("systems")
  void theMachinesAreVagrantsAndVirtualBoxs(Built built) {
    String vagrantfile = built.rendered().get("Vagrantfile");
    assertThat(vagrantfile)
        .contains("config.vm.box = 'bento/ubuntu-16.04'\n")
        .contains("config.vm.boot_timeout = 600\n")
        .contains("config.winrm.timeout = 600\n");
    List<List<String>> machines = new ArrayList<>(built.nodes());
    machines.add(List.of("proxy", built.proxy()));
    for (List<String> machine : machines) {
      String script = machine.get(0).equals("proxy") ? "proxy.sh" : "mysql.sh";
      assertThat(vagrantfile)
          .contains(
              """

                config.vm.define '%1$s' do |machine|
                  machine.vm.hostname = '%1$s'
                  machine.vm.network "private_network", ip: '%2$s'
                  machine.vm.provider "virtualbox" do |vb|
                    vb.name = '%1$s'
                    vb.memory = 512
                    vb.gui = false
                  end
                  machine.vm.provision "shell", path: 'scripts/provision/%3$s', args: ["apply"]
                end
              """
                  .formatted(machine.get(0), machine.get(1), script));
    }
    assertThat(vagrantfile.lines().filter(line -> line.contains("vm.define"))).hasSize(4);
  }

  @ParameterizedTest
  @MethodSource("systems")
  void everyNodesOptionFileHasTheGroupsValues(Built built) {
    for (List<String> node : built.nodes()) {
      String address = node.get(1);
      assertThat(options(built.rendered().get("cnf/" + node.get(0) + ".cnf")))
          .containsAllEntriesOf(
              Map.ofEntries(
                  Map.entry("gtid_mode", "ON"),
                  Map.entry("enforce_gtid_consistency", "ON"),
                  Map.entry("master_info_repository", "TABLE"),
                  Map.entry("relay_log_info_repository", "TABLE"),
                  Map.entry("binlog_checksum", "NONE"),
                  Map.entry("log_slave_updates", "ON"),
                  Map.entry("log_bin", "binlog"),
                  Map.entry("binlog_format", "ROW"),
                  Map.entry("transaction_write_set_extraction", "XXHASH64"),
                  Map.entry("loose_group_replication_bootstrap_group", "OFF"),
                  Map.entry("loose_group_replication_ssl_mode", "REQUIRED"),
                  Map.entry("loose_group_replication_recovery_use_ssl", "ON"),
                  Map.entry("loose_group_replication_group_name", built.group()),
                  Map.entry(
                      "loose_group_replication_ip_whitelist", String.join(",", built.addresses())),
                  Map.entry(
                      "loose_group_replication_group_seeds",
                      String.join(",", built.addresses().stream().map(a -> a + ":33061").toList())),
                  Map.entry("loose_group_replication_single_primary_mode", "OFF"),
                  Map.entry("loose_group_replication_enforce_update_everywhere_checks", "ON"),
                  Map.entry("loose_group_replication_local_address", address + ":33061"),
                  Map.entry("plugin_load_add", "group_replication.so"),
                  Map.entry("server_id", node.get(2)),
                  Map.entry("bind_address", address),
                  Map.entry("report_host", address),
                  // Theirs was ON from the first start, when there was no group to join: the server
                  // came up read-only and waited for nobody. It is ON in a file of its own, later.
                  Map.entry("loose_group_replication_start_on_boot", "OFF"),
                  // Theirs came of server_id, which means nothing above 7: writers collided.
                  Map.entry("auto_increment_increment", "7"),
                  Map.entry(
                      "auto_increment_offset", String.valueOf(built.nodes().indexOf(node) + 1))));
    }
    assertThat(MemberFile.content()).contains("loose_group_replication_start_on_boot = ON");
  }

  @ParameterizedTest
  @MethodSource("systems")
  void theGroupBeginsOnOneNodeAndGrowsOnTheOthers(Built built) {
    assertThat(built.rendered().get("sql/first-node.sql"))
        .contains("FOR CHANNEL 'group_replication_recovery';")
        .containsSubsequence(
            "SET GLOBAL group_replication_bootstrap_group = ON;",
            "START GROUP_REPLICATION;",
            "SET GLOBAL group_replication_bootstrap_group = OFF;",
            "CREATE DATABASE IF NOT EXISTS `%s`;".formatted(built.database()));
    assertThat(built.rendered().get("sql/other-nodes.sql"))
        .contains("FOR CHANNEL 'group_replication_recovery';", "START GROUP_REPLICATION;")
        .doesNotContain("bootstrap_group");
  }

  @ParameterizedTest
  @MethodSource("systems")
  void theAccountsMayDoWhatTheyMustAndComeFromWhereTheyAre(Built built) {
    String accounts = built.rendered().get("sql/accounts.sql");
    assertThat(accounts).contains("SET SESSION sql_log_bin = 0;").doesNotContain("'%'");
    for (String address : built.addresses()) {
      assertThat(accounts)
          .containsPattern(
              "CREATE USER 'clusterctl_repl'@'%s' IDENTIFIED .* REQUIRE SSL;".formatted(address))
          .contains("GRANT REPLICATION SLAVE ON *.* TO 'clusterctl_repl'@'%s';".formatted(address));
    }
    assertThat(accounts)
        .contains("GRANT SELECT ON `sys`.* TO 'clusterctl_monitor'@'%s';".formatted(built.proxy()))
        .contains(
            "GRANT ALL PRIVILEGES ON `%s`.* TO '%s'@'%s';"
                .formatted(built.database(), built.user(), built.proxy()));
  }

  @ParameterizedTest
  @MethodSource("systems")
  void theHelpersThatProxySqlAsksForAreThere(Built built) {
    assertThat(built.rendered().get("sql/sys-helpers.sql"))
        .contains(
            "FUNCTION sys.IFZERO(",
            "FUNCTION sys.LOCATE2(",
            "FUNCTION sys.GTID_NORMALIZE(",
            "FUNCTION sys.GTID_COUNT(",
            "FUNCTION sys.gr_applier_queue_length(",
            "FUNCTION sys.gr_member_in_primary_partition(",
            "VIEW sys.gr_member_routing_candidate_status",
            "AS viable_candidate",
            "AS read_only",
            "AS transactions_behind",
            "AS transactions_to_cert");
  }

  @ParameterizedTest
  @MethodSource("systems")
  void proxySqlKnowsTheServersTheHostgroupsAndTheUser(Built built) {
    String script = built.rendered().get("sql/proxysql.sql");
    assertThat(script)
        .contains("--port=6032")
        .contains("'admin-admin_credentials'")
        .contains("'mysql-monitor_username'", "'mysql-monitor_password'")
        .contains("'0.0.0.0:6033' WHERE variable_name = 'mysql-interfaces'")
        .contains(
            """
            REPLACE INTO mysql_group_replication_hostgroups (writer_hostgroup, backup_writer_hostgroup, reader_hostgroup, offline_hostgroup, active, max_writers, writer_is_also_reader, max_transactions_behind)
              VALUES (2, 4, 3, 1, 1, 3, 1, 100);
            """)
        .contains(
            """
            REPLACE INTO mysql_users (username, password, default_hostgroup, active, transaction_persistent)
              VALUES ('%1$s', '<password of %1$s>', 2, 1, 1);
            """
                .formatted(built.user()));
    for (String address : built.addresses()) {
      assertThat(script).contains("VALUES (2, '%s', 3306, 0);".formatted(address));
    }
    for (String module :
        List.of("ADMIN VARIABLES", "MYSQL VARIABLES", "MYSQL SERVERS", "MYSQL USERS")) {
      assertThat(script).contains("LOAD %1$s TO RUNTIME;\nSAVE %1$s TO DISK;\n".formatted(module));
    }
  }

  @ParameterizedTest
  @MethodSource("systems")
  void theFirewallLetsMembersAndClientsIn(Built built) {
    String mysql = built.rendered().get("scripts/provision/mysql.sh");
    for (String address : built.addresses()) {
      assertThat(mysql).contains("'%s 3306'".formatted(address), "'%s 33061'".formatted(address));
    }
    assertThat(mysql).contains("'%s 3306'".formatted(built.proxy()));
    assertThat(built.rendered().get("scripts/provision/proxy.sh")).contains("6033");
  }

  private static Map<String, String> options(String optionFile) {
    return optionFile
        .lines()
        .filter(line -> line.matches("[a-z_]+ = .*"))
        .map(line -> line.split(" = ", 2))
        .collect(
            java.util.stream.Collectors.toMap(
                option -> option[0], option -> option[1], (first, second) -> second));
  }
}
