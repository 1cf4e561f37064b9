package dev.clusterctl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.topology.Replication;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to ProxySQL's admin, against SQLite with tables of the same constraints. */
class ProxySqlTablesTest {

  private static ProxySqlTopology topology(boolean v2) {
    return v2
        ? ProxySqlTopology.of(ProxySqlTopology.MYSQL_9_7, ProxySqlTopology.PROXYSQL_2_7)
        : ProxySqlTopology.of(ProxySqlTopology.MYSQL_5_7, ProxySqlTopology.PROXYSQL_1_4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyStatementIsAcceptedAndTheSecondTimeNothingChanges(boolean v2) throws Exception {
    try (SqliteAdmin admin = new SqliteAdmin(v2)) {
      ProxySqlDesired desired = topology(v2).desired();
      assertThat(ProxySqlSetup.apply(admin, desired).isEmpty()).isFalse();
      admin.executed.clear();
      assertThat(ProxySqlSetup.apply(admin, desired).isEmpty()).isTrue();
      assertThat(admin.executed).isEmpty();
      assertThat(column(admin, "SELECT hostname FROM runtime_mysql_servers"))
          .containsExactly("127.0.99.11", "127.0.99.12", "127.0.99.13");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onlyWhatChangedIsLoadedAndSaved(boolean v2) throws Exception {
    try (SqliteAdmin admin = new SqliteAdmin(v2)) {
      ProxySqlSetup.apply(admin, topology(v2).desired());
      ProxySqlChanges changes =
          ProxySqlSetup.apply(admin, topology(v2).withPassword("another").desired());
      assertThat(changes.edits()).hasSize(1);
      assertThat(changes.activations())
          .extracting(AdminStatement::sql)
          .containsExactly("LOAD MYSQL USERS TO RUNTIME", "SAVE MYSQL USERS TO DISK");
      assertThat(changes.describe().toString()).contains("***").doesNotContain("another");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void staleRowsVanishAndForeignRowsStay(boolean v2) throws Exception {
    try (SqliteAdmin admin = new SqliteAdmin(v2)) {
      ProxySqlSetup.apply(admin, topology(v2).withUsers("shop", "wiki").desired());
      admin.run("INSERT INTO mysql_servers (hostgroup_id, hostname) VALUES (77, 'mine')");
      admin.run("INSERT INTO mysql_users (username, password) VALUES ('mine', 'x')");
      admin.run("INSERT INTO mysql_query_rules (rule_id, match_digest) VALUES (5, 'x')");
      ProxySqlDesired smaller =
          topology(v2).withNodes(2).withSplit(false).withHostgroups(12, 14, 13, 11).desired();
      ProxySqlSetup.apply(admin, smaller);
      assertThat(column(admin, "SELECT hostname FROM mysql_servers WHERE hostgroup_id <> 77"))
          .containsExactlyInAnyOrder("127.0.99.11", "127.0.99.12");
      assertThat(column(admin, "SELECT hostname FROM mysql_servers")).contains("mine");
      assertThat(column(admin, "SELECT username FROM mysql_users"))
          .contains("mine", "shop")
          // 1.4 has no comments by which to know whose it is.
          .satisfies(users -> assertThat(users.contains("wiki")).isEqualTo(!v2));
      assertThat(column(admin, "SELECT rule_id FROM mysql_query_rules")).containsExactly("5");
      assertThat(
              column(
                  admin,
                  "SELECT writer_hostgroup FROM mysql_%sreplication_hostgroups"
                      .formatted(v2 ? "" : "group_")))
          .containsExactly("12");
    }
  }

  @Test
  void serversThatProxySqlMovedAreLeftWhereTheyAre() throws Exception {
    try (SqliteAdmin admin = new SqliteAdmin(true)) {
      ProxySqlTopology topology = topology(true);
      ProxySqlSetup.apply(admin, topology.desired());
      promote(admin, "127.0.99.12");
      assertThat(ProxySqlSetup.check(admin, topology.desired()).describe()).isEmpty();
      // A load that has another reason doesn't undo the move.
      ProxySqlSetup.apply(admin, topology.withNodes(4).desired());
      assertThat(
              column(
                  admin,
                  "SELECT hostgroup_id FROM runtime_mysql_servers WHERE hostname = '127.0.99.12'"))
          .containsExactlyInAnyOrder("2", "3");
    }
  }

  @Test
  void aWriterThatIsNoReaderBecomesOneAgainWhereReadOnlyIsWatched() throws Exception {
    // ProxySQL 2.7.1 never does that by itself, and SELECTs then have nowhere to go.
    try (SqliteAdmin admin = new SqliteAdmin(true)) {
      ProxySqlDesired desired = topology(true).desired();
      ProxySqlSetup.apply(admin, desired);
      promote(admin, "127.0.99.12");
      admin.run(
          "DELETE FROM runtime_mysql_servers WHERE hostname = '127.0.99.12' AND hostgroup_id = 3");
      assertThat(ProxySqlSetup.check(admin, desired).isEmpty()).isFalse();
      ProxySqlSetup.apply(admin, desired);
      assertThat(
              column(
                  admin,
                  "SELECT hostgroup_id FROM runtime_mysql_servers WHERE hostname = '127.0.99.12'"))
          .containsExactlyInAnyOrder("2", "3");
    }
  }

  /** As the monitor does with a server that takes writes. */
  private static void promote(SqliteAdmin admin, String host) throws Exception {
    admin.run(
        "INSERT INTO runtime_mysql_servers (hostgroup_id, hostname, port, use_ssl, comment)"
            + " SELECT 2, hostname, port, use_ssl, comment FROM runtime_mysql_servers"
            + " WHERE hostname = '%s'".formatted(host));
  }

  @Test
  void whatIsInMemoryOnlyIsLoadedAndSaved() throws Exception {
    try (SqliteAdmin admin = new SqliteAdmin(true)) {
      ProxySqlDesired desired = topology(true).desired();
      ProxySqlSetup.apply(admin, desired);
      admin.run("DELETE FROM disk.mysql_users");
      admin.run("DELETE FROM runtime_mysql_query_rules");
      ProxySqlChanges changes = ProxySqlSetup.apply(admin, desired);
      assertThat(changes.edits()).isEmpty();
      assertThat(changes.describe())
          .containsExactly("SAVE MYSQL USERS TO DISK", "LOAD MYSQL QUERY RULES TO RUNTIME");
    }
  }

  @Test
  void withOnePrimaryNewServersAreReadersUntilTheyAreSeenToTakeWrites() throws Exception {
    try (SqliteAdmin admin = new SqliteAdmin(true)) {
      ProxySqlSetup.apply(
          admin, topology(true).withMode(Replication.Mode.SINGLE_PRIMARY).desired());
      assertThat(column(admin, "SELECT DISTINCT hostgroup_id FROM mysql_servers"))
          .containsExactly("3");
    }
  }

  @Test
  void aPortThatWouldCrashProxySqlIsNeverSent() {
    assertThatThrownBy(() -> topology(false).withPorts(70000, 6032).desired())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("70000");
  }

  @Test
  void versionsThatCannotWorkTogetherAreRefusedWithAdvice() {
    assertThatThrownBy(
            () ->
                ProxySqlTopology.of(ProxySqlTopology.MYSQL_9_7, ProxySqlTopology.PROXYSQL_1_4)
                    .desired())
        .isInstanceOfSatisfying(
            ProxySqlDesired.ImpossiblePairException.class,
            e -> assertThat(e.advice()).contains("use ProxySQL 2.0.9 or later"));
  }

  @Test
  void passwordsAppearInNoTitle() throws Exception {
    try (SqliteAdmin admin = new SqliteAdmin(true)) {
      ProxySqlSetup.apply(admin, topology(true).withPassword("geheim").desired());
      assertThat(admin.executed.toString())
          .doesNotContain("geheim", "monitor'pw", "our-own-password");
      assertThat(admin.executed)
          .extracting(AdminStatement::sql)
          .anyMatch(s -> s.contains("geheim"));
    }
  }

  private static List<String> column(AdminSession admin, String select) throws ProxySqlException {
    return admin.query(select).stream().map(r -> r.values().iterator().next()).toList();
  }
}
