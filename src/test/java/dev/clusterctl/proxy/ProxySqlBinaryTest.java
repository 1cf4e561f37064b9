package dev.clusterctl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.dialect.ServerVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link ProxySqlTablesTest} tries with SQLite, with a real ProxySQL. */
@Tag("e2e")
class ProxySqlBinaryTest {
  private static final String OURS = "our-own-password";

  @TempDir Path directory;
  private ProxySqlBinary proxySql;
  private ServerVersion version;

  @BeforeEach
  void start() throws Exception {
    Optional<Path> binary = ProxySqlBinary.find();
    Assumptions.assumeTrue(
        binary.isPresent(),
        "no proxysql on the PATH and none given by the property or environment variable "
            + ProxySqlBinary.GIVEN);
    proxySql = ProxySqlBinary.start(binary.orElseThrow(), directory);
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      version = ProxySqlSetup.version(admin);
    }
  }

  @AfterEach
  void stop() {
    if (proxySql != null) {
      proxySql.close();
    }
  }

  private ProxySqlTopology topology() {
    boolean old = version.before(2, 0, 0);
    return ProxySqlTopology.of(
            old ? ProxySqlTopology.MYSQL_5_7 : ProxySqlTopology.MYSQL_9_7, version)
        .withPorts(proxySql.port, proxySql.adminPort);
  }

  @Test
  void isMadeWhatItShouldBeAndTheSecondTimeNothingChanges() throws Exception {
    ProxySqlDesired desired = topology().desired();
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      assertThat(ProxySqlSetup.apply(admin, desired).edits()).isNotEmpty();
      assertThat(ProxySqlSetup.check(admin, desired).describe()).isEmpty();
    }
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      assertThat(ProxySqlSetup.apply(admin, desired).isEmpty()).isTrue();
    }
    proxySql.restart();
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      assertThat(ProxySqlSetup.check(admin, desired).describe()).isEmpty();
    }
  }

  @Test
  void thePasswordThatEverybodyKnowsIsRefusedAfterwards() throws Exception {
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      ProxySqlSetup.apply(admin, topology().desired());
    }
    assertThatThrownBy(() -> ProxySqlAdmin.connect("proxy", proxySql.adminPort, "another-one"))
        .isInstanceOfSatisfying(
            ProxySqlException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ProxySqlException.Kind.ACCESS_DENIED);
              assertThat(e.advice()).contains("secrets.yaml");
            });
  }

  @Test
  void whatIsNoLongerWantedGoesAndWhatTheUserMadeStays() throws Exception {
    ProxySqlTopology topology = topology().withUsers("shop", "wiki");
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      ProxySqlSetup.apply(admin, topology.desired());
      run(admin, "INSERT INTO mysql_servers (hostgroup_id, hostname) VALUES (77, '127.0.99.77')");
      run(admin, "INSERT INTO mysql_users (username, password) VALUES ('mine', 'x')");
      run(admin, "INSERT INTO mysql_query_rules (rule_id, match_digest) VALUES (5, 'x')");
      ProxySqlDesired smaller =
          topology
              .withNodes(2)
              .withUsers("shop")
              .withSplit(false)
              .withHostgroups(12, 14, 13, 11)
              .withPassword("another")
              .desired();
      ProxySqlSetup.apply(admin, smaller);
      assertThat(ProxySqlSetup.apply(admin, smaller).isEmpty()).isTrue();
      assertThat(admin.query("SELECT hostname FROM runtime_mysql_servers ORDER BY 1"))
          .extracting(r -> r.get("hostname"))
          .contains("127.0.99.11", "127.0.99.12", "127.0.99.77")
          .doesNotContain("127.0.99.13");
      assertThat(admin.query("SELECT username FROM mysql_users ORDER BY 1"))
          .extracting(r -> r.get("username"))
          .contains("mine", "shop");
      assertThat(admin.query("SELECT rule_id FROM runtime_mysql_query_rules"))
          .isEmpty(); // the user's own is not active
      assertThat(admin.query("SELECT rule_id FROM mysql_query_rules"))
          .isEqualTo(List.of(Map.of("rule_id", "5")));
    }
  }

  @Test
  void anotherPortForClientsNeedsARestart() throws Exception {
    int other = ProxySqlBinary.freePort();
    ProxySqlDesired desired = topology().withPorts(other, proxySql.adminPort).desired();
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      assertThat(ProxySqlSetup.apply(admin, desired).restart()).isTrue();
    }
    proxySql.restart();
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      assertThat(ProxySqlSetup.check(admin, desired).describe()).isEmpty();
    }
  }

  @Test
  void aRefusedStatementIsToldFromARefusedLoginAndShowsNoSecret() throws Exception {
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      assertThatThrownBy(() -> run(admin, "UPDATE mysql_users SET passwort = 'geheim'"))
          .isInstanceOfSatisfying(
              ProxySqlException.class,
              e -> assertThat(e.kind()).isEqualTo(ProxySqlException.Kind.STATEMENT))
          .hasMessageContaining("a title")
          .hasMessageNotContaining("geheim")
          .hasNoCause();
      assertThatThrownBy(() -> admin.query("SELECT * FROM not_there"))
          .hasMessageContaining("no such table");
    }
  }

  @Test
  void theStatusShowsTheServersAndWhyTheyCannotBeSeen() throws Exception {
    try (ProxySqlAdmin admin = proxySql.connect(proxySql.adminPort, OURS)) {
      ProxySqlSetup.apply(admin, topology().desired());
      ProxySqlStatus status =
          Awaitility.await("the monitor's errors")
              .atMost(Duration.ofSeconds(20))
              .until(
                  () ->
                      ProxySqlStatus.read(
                          admin, new dev.clusterctl.topology.Proxy.HostGroups(2, 4, 3, 1)),
                  s -> s.errors().size() >= 3);
      assertThat(status.servers())
          .extracting(ProxySqlStatus.Server::host)
          .contains("127.0.99.11", "127.0.99.12", "127.0.99.13");
      assertThat(status.errors()).extracting(ProxySqlStatus.MonitorError::check).contains("ping");
      assertThat(proxySql.isAlive()).isTrue();
    }
  }

  private static void run(AdminSession admin, String sql) throws ProxySqlException {
    admin.execute(new AdminStatement("a title", sql));
  }
}
