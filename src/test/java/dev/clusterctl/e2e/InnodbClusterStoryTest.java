package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.clusterctl.topology.ReadResult;
import dev.clusterctl.topology.TopologyReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An InnoDB Cluster, made without MySQL Shell, and a Router that follows its primary. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class InnodbClusterStoryTest {
  private static final String METADATA = "mysql_innodb_cluster_metadata";

  private static final List<String> NODES =
      Stream.of(1, 2, 3)
          .map(n -> "  - {name: db%1$d, address: 10.99.37.1%1$d}\n".formatted(n))
          .toList();

  @TempDir static Path directory;

  private Playground cluster;

  @BeforeAll
  void bringItUp() throws Exception {
    cluster =
        new Playground(
            directory,
            "e2e-ic",
            """
            name: e2e-ic
            machines: {provider: docker, os: debian-sid, memory: 512}
            mysql: {version: 9.7, packages: distro}
            replication: {type: innodb-cluster}
            nodes:
            %sproxy: {type: mysql-router, name: router, address: 10.99.37.10, memory: 256}
            databases: [{name: app, user: app}]
            """
                .formatted(String.join("", NODES)));
    // The last step has written a row through the Router and read it on each node, and was refused
    // where writes don't belong.
    assertThat(cluster.good("up").steps("changed"))
        .contains("cluster/metadata", "router/proxy-bootstrap", "cluster/router-proof");
  }

  @AfterAll
  void leaveNothing() throws Exception {
    cluster.close();
  }

  @Test
  @Order(1)
  void theSecondUpHasNothingToDo() {
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(2)
  void clientsSeeThroughTheRouterWhatTheGroupSays() {
    Outcome status = cluster.good("status", "--via", "router");
    assertThat(status.event("status")).containsEntry("healthy", true);
    Map<String, Object> via = status.event("via");
    assertThat(via).containsEntry("healthy", true);
    assertThat(answers(via))
        .anySatisfy(a -> assertThat(a).containsEntry("port", 6446).containsEntry("role", "primary"))
        .anySatisfy(
            a -> assertThat(a).containsEntry("port", 6447).containsEntry("role", "secondary"))
        .anySatisfy(a -> assertThat(a).containsEntry("port", 6450));
    assertThat(((Map<?, ?>) status.event("status").get("proxy")).get("destinations")).isNotNull();
  }

  @Test
  @Order(3)
  void nobodyElseMayReadWhatTheRouterKeepsAndNoMomentaryAccountIsLeft() throws Exception {
    String modes =
        cluster.inside(
            "router",
            "stat -c '%a %U' /var/lib/mysqlrouter/cluster/mysqlrouter.conf"
                + " /var/lib/mysqlrouter/cluster/mysqlrouter.key"
                + " /var/lib/mysqlrouter/cluster/data/keyring /etc/mysqlrouter/api-accounts;"
                + " ps -o user= -C mysqlrouter");
    assertThat(modes.lines().map(String::strip))
        .containsExactly(
            "600 mysqlrouter",
            "600 mysqlrouter",
            "600 mysqlrouter",
            "600 mysqlrouter",
            "mysqlrouter");
    assertThat(
            cluster.query(
                "db1", "SELECT COUNT(*) FROM mysql.user WHERE User = 'clusterctl_bootstrap'"))
        .isEqualTo("0");
    assertThat(cluster.inside("router", "getent hosts db3")).contains("10.99.37.13");
  }

  /** What MySQL Shell looks at before it reports a member without errors. */
  @Test
  @Order(4)
  void theMetadataSaysOfEachMemberWhatMySqlShellLooksFor() throws Exception {
    for (String node : List.of("db1", "db2", "db3")) {
      assertThat(
              cluster.query(
                  node,
                  """
                  SELECT CONCAT_WS(' ',
                    i.addresses->>'$.mysqlClassic' = CONCAT(@@report_host, ':', @@report_port),
                    i.addresses->>'$.grLocal' = @@group_replication_local_address,
                    i.attributes->>'$.server_id' = @@server_id,
                    i.attributes->>'$.recoveryAccountUser' = CONCAT('mysql_innodb_cluster_', @@server_id),
                    i.attributes->>'$.recoveryAccountUser' = (
                      SELECT USER FROM performance_schema.replication_connection_configuration
                      WHERE CHANNEL_NAME = 'group_replication_recovery'),
                    EXISTS (SELECT 1 FROM mysql.user u
                      WHERE u.User = i.attributes->>'$.recoveryAccountUser' AND u.Host = i.attributes->>'$.recoveryAccountHost'),
                    c.attributes->>'$.group_replication_group_name' = @@group_replication_group_name,
                    c.attributes->>'$.opt_transactionSizeLimit' = @@group_replication_transaction_size_limit,
                    t.cluster_type)
                  FROM mysql_innodb_cluster_metadata.v2_this_instance t
                  JOIN mysql_innodb_cluster_metadata.instances i USING (instance_id)
                  JOIN mysql_innodb_cluster_metadata.clusters c ON c.cluster_id = i.cluster_id"""))
          .as(node)
          .isEqualTo("1 1 1 1 1 1 1 1 gr");
    }
  }

  @Test
  @Order(5)
  void adoptWritesAFileThatIsValid() throws Exception {
    Path adopted = directory.resolve("adopted.yaml");
    Path password = directory.resolve("password");
    Files.writeString(password, secret("clusteradmin") + "\n");
    Process adopt =
        new ProcessBuilder(cluster.program("adopt", "--host=10.99.37.12", "--out=" + adopted))
            .redirectInput(password.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(adopt.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(adopt.waitFor()).as(said).isZero();
    assertThat(Files.readString(adopted)).contains("type: innodb-cluster", "10.99.37.10");
    ReadResult read = TopologyReader.read(adopted);
    assertThat(read.problems()).isEmpty();
    assertThat(read.topology().orElseThrow().nodes())
        .extracting(node -> node.name().value())
        .containsExactly("db1", "db2", "db3");
  }

  private String secret(String name) throws Exception {
    return Files.readAllLines(cluster.state().resolve("secrets.yaml")).stream()
        .filter(line -> line.startsWith("\"" + name + "\""))
        .map(line -> line.replaceFirst("^.*: \"(.*)\"$", "$1"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Order(6)
  void damagedMetadataIsSeenByStatusAndRepairedByUp() throws Exception {
    String primary = primary();
    cluster.query(
        primary,
        "DELETE FROM %1$s.instances WHERE instance_name = 'db2'; UPDATE %1$s.instances SET addresses = JSON_SET(addresses, '$.mysqlClassic', '10.99.37.99:3306') WHERE instance_name = 'db3'; DROP VIEW %1$s.v2_clusters"
            .formatted(METADATA));
    Outcome status = cluster.run("--output=json", "status");
    assertThat(status.code()).isEqualTo(3);
    assertThat(status.event("status").get("problems").toString()).contains("v2_clusters");
    assertThat(cluster.good("up").steps("changed"))
        .contains("cluster/metadata-schema", "cluster/metadata");
    assertThat(cluster.good("status").event("status")).containsEntry("healthy", true);
  }

  @Test
  @Order(7)
  void anotherModeIsRefusedBeforeAnyMemberGetsItsOptions() throws Exception {
    cluster.edit("{type: innodb-cluster}", "{type: innodb-cluster, mode: multi-primary}");
    try {
      Outcome plan = cluster.run("plan");
      assertThat(plan.code()).isEqualTo(1);
      assertThat(plan.said()).contains("the group runs in single-primary mode");
      assertThat(cluster.run("status").code()).isEqualTo(3);
    } finally {
      cluster.edit("{type: innodb-cluster, mode: multi-primary}", "{type: innodb-cluster}");
    }
  }

  @Test
  @Order(8)
  void aRouterGoesBackFromSettingsThatItDoesNotTakeAndOneThatLeavesIsForgotten() throws Exception {
    String before = "memory: 256}";
    String mistyped = "memory: 256, options: {routing.max_conections: 5}}";
    cluster.edit(before, mistyped);
    Outcome refused = cluster.run("up");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.said())
        .contains("it runs with its former settings again")
        .contains("max_conections");
    assertThat(cluster.good("status").event("status")).containsEntry("healthy", true);

    String second = "memory: 256, more: [{name: router2, address: 10.99.37.9}]}";
    cluster.edit(mistyped, second);
    cluster.good("up");
    cluster.edit(second, before);
    assertThat(cluster.run("up").said()).contains("doesn't name the MySQL Router router2");
    cluster.good("up", "--yes");

    assertThat(cluster.query(primary(), "SELECT router_name FROM " + METADATA + ".routers"))
        .isEqualTo("router");
    assertThat(
            cluster.query(primary(), "SELECT COUNT(*) FROM mysql.user WHERE Host = '10.99.37.9'"))
        .isEqualTo("0");
    assertThat(cluster.good("status").event("status")).containsEntry("healthy", true);
  }

  @Test
  @Order(9)
  void aRouterWhoseMachineIsGoneIsBootstrappedAgain() throws Exception {
    Host.docker("rm", "--force", "--volumes", cluster.container("router"));
    assertThat(cluster.good("up").steps("changed")).contains("router/proxy-bootstrap");
    assertThat(cluster.query(primary(), "SELECT COUNT(*) FROM " + METADATA + ".routers"))
        .isEqualTo("1");
    assertThat(cluster.good("status").event("status")).containsEntry("healthy", true);
  }

  @Test
  @Order(10)
  void neitherAKilledPrimaryNorAStoppedSecondaryLosesAnything() throws Exception {
    String primary = primary();
    failover(primary, "kill");
    assertThat(primary()).isNotEqualTo(primary);
    failover(primary, "stop");
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(11)
  void membersChangeUnderAWriterAndTheMetadataFollows() throws Exception {
    String primary = primary();
    String leaver = NODES.stream().filter(n -> n.contains(primary)).findFirst().orElseThrow();
    String joiner = "  - {name: db4, address: 10.99.37.14}\n";
    cluster.edit(leaver, joiner);
    Outcome both = cluster.run("up", "--yes");
    assertThat(both.code()).isEqualTo(1);
    assertThat(both.said()).contains("db4 isn't in the group yet: one after the other");

    SteadyWriter writer = cluster.writer("10.99.37.10:6446");
    try (writer) {
      cluster.edit(joiner, leaver + joiner);
      cluster.good("up");
      cluster.edit(leaver, "");
      Outcome asked = cluster.run("up");
      assertThat(asked.code()).isEqualTo(1);
      assertThat(asked.said()).contains("is the primary").contains("clusterctl up --yes");
      cluster.good("up", "--yes");
      cluster.good("switchover", "db4");
    }

    assertThat(writer.acknowledged()).hasSizeGreaterThan(10);
    assertThat(primary()).isEqualTo("db4");
    assertThat(cluster.good("status", "--via", "router").event("via"))
        .containsEntry("healthy", true);
    List<String> members =
        Stream.of("db1", "db2", "db3", "db4").filter(n -> !n.equals(primary)).toList();
    for (String node : members) {
      assertThat(cluster.query(node, "SELECT id FROM app.steady").lines().map(Integer::valueOf))
          .as(node)
          .containsAll(writer.acknowledged());
    }
    assertThat(cluster.query("db4", "SELECT instance_name FROM " + METADATA + ".instances").lines())
        .containsExactlyInAnyOrderElementsOf(members);
    assertThat(
            cluster.query(
                "db4",
                "SELECT COUNT(*) FROM mysql.user WHERE User LIKE 'mysql\\_innodb\\_cluster\\_%'"))
        .isEqualTo("3");
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  private void failover(String node, String how) throws Exception {
    Path json = directory.resolve(node + "-" + how + ".json");
    Outcome test =
        cluster.run(
            "failover-test",
            node,
            "--how=" + how,
            "--down-for=3s",
            "--writers=2",
            "--rate=25",
            "--json=" + json);
    assertThat(test.code()).as(test.said()).isZero();
    Map<String, Object> report = JSON.std.mapFrom(Files.readString(json));
    assertThat(((Map<?, ?>) report.get("data")).get("lost")).isEqualTo(0);
  }

  private String primary() {
    return cluster.nodes(cluster.good("status")).stream()
        .filter(node -> "primary".equals(node.get("role")))
        .map(node -> String.valueOf(node.get("name")))
        .findFirst()
        .orElseThrow();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> answers(Map<String, Object> via) {
    return (List<Map<String, Object>>) via.get("answers");
  }
}
