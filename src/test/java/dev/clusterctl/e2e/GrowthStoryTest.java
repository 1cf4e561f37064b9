package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

/** Nodes come and go while an application writes. Each test begins where the one before ended. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class GrowthStoryTest {
  private static final String FIRST = "  - {name: db1, address: 10.99.26.11}\n";
  private static final String SECOND = "  - {name: db2, address: 10.99.26.12}\n";
  private static final String FOURTH = "  - {name: db4, address: 10.99.26.14}\n";
  private static final String FIFTH = "  - {name: db5, address: 10.99.26.15}\n";

  @TempDir static Path directory;

  private Playground cluster;

  @BeforeAll
  void bringItUp() throws Exception {
    cluster =
        new Playground(
            directory,
            "e2e-growth",
            """
            name: e2e-growth
            machines: {provider: docker, os: debian-sid, memory: 512}
            mysql: {version: 9.7, packages: distro}
            replication: {type: group, mode: multi-primary}
            nodes:
            %s%s  - {name: db3, address: 10.99.26.13}
            proxy: {type: mysql-router, name: proxy, address: 10.99.26.10, memory: 256}
            databases: [{name: app, user: app}]
            """
                .formatted(FIRST, SECOND));
    cluster.good("up");
  }

  @AfterAll
  void leaveNothing() throws Exception {
    cluster.close();
  }

  @Test
  @Order(1)
  void nodesMayComeAnywhereInTheListAndGetAllRowsThoughNoBinaryLogHasThemAnyMore()
      throws Exception {
    Map<String, String> before = serverIds("db1", "db2", "db3");
    for (String node : List.of("db1", "db2", "db3")) {
      cluster.query(node, "FLUSH BINARY LOGS; PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY");
      assertThat(cluster.query(node, "SELECT @@gtid_purged")).isNotEmpty();
    }
    cluster.edit(FIRST, FIRST + FOURTH + FIFTH);
    assertThat(cluster.good("plan").steps("would-change")).contains("db4/machine", "db5/machine");

    List<Integer> written = whileWriting(() -> cluster.good("up"));

    assertNodes("db1", "db4", "db5", "db2", "db3");
    assertThat(serverIds("db1", "db2", "db3")).isEqualTo(before);
    for (String node : List.of("db4", "db5")) {
      assertThat(rowsOn(node)).containsAll(written);
      assertThat(cluster.query(node, "SELECT STATE FROM performance_schema.clone_status"))
          .isEqualTo("Completed");
      assertThat(cluster.query(node, "SELECT @@group_replication_start_on_boot")).isEqualTo("0");
      assertThat(cluster.inside(node, "cat /etc/mysql/clusterctl.d/member.cnf"))
          .contains("group_replication_start_on_boot = ON");
    }
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(2)
  void dataOfItsOwnIsNamedAndKeptUntilTheMemberIsReseeded() throws Exception {
    cluster.query(
        "db5",
        "STOP GROUP_REPLICATION; SET GLOBAL super_read_only = OFF;"
            + " CREATE TABLE app.errant (id INT PRIMARY KEY); SET GLOBAL super_read_only = ON");
    // As if it had never been a member.
    cluster.inside("db5", "rm /etc/mysql/clusterctl.d/member.cnf");
    String uuid = cluster.query("db5", "SELECT @@server_uuid");
    Outcome up = cluster.run("up");
    assertThat(up.code()).isEqualTo(1);
    assertThat(up.said())
        .contains("db5 has transactions that the group lacks: " + uuid)
        .contains("clusterctl reseed db5");
    assertThat(cluster.inside("proxy", "cat /etc/mysqlrouter/mysqlrouter.conf"))
        .contains("10.99.26.14")
        .doesNotContain("10.99.26.15");
    assertThat(cluster.query("db5", "SHOW TABLES FROM app LIKE 'errant'")).isEqualTo("errant");

    List<Integer> written = whileWriting(() -> cluster.good("reseed", "db5", "--yes"));

    assertNodes("db1", "db4", "db5", "db2", "db3");
    assertThat(cluster.query("db5", "SHOW TABLES FROM app LIKE 'errant'")).isEmpty();
    assertThat(rowsOn("db5")).containsAll(written);
  }

  @Test
  @Order(3)
  void aNodeIsOnlyTakenOutWhereThatWasSaid() {
    Outcome up = edited(() -> cluster.edit(FOURTH + FIFTH + SECOND, FOURTH), "up");
    assertThat(up.code()).isEqualTo(1);
    assertThat(up.said()).contains("10.99.26.12").contains("clusterctl up --yes");
    Outcome status = cluster.run("--output=json", "status");
    assertThat(status.event("status").get("problems").toString()).contains("10.99.26.12");
    Outcome plan = cluster.good("plan");
    assertThat(plan.step("cluster/leavers").get("changes").toString())
        .contains("take 10.99.26.12 out of replication");
  }

  @Test
  @Order(4)
  void itLeavesWithItsMachineAndItsAccountsAndNothingIsLost() throws Exception {
    List<Integer> written = whileWriting(() -> cluster.good("up", "--yes"));

    assertNodes("db1", "db4", "db3");
    for (String node : List.of("db1", "db3", "db4")) {
      assertThat(rowsOn(node)).containsAll(written);
      assertThat(cluster.query(node, "SELECT User FROM mysql.user WHERE Host = '10.99.26.12'"))
          .isEmpty();
    }
    assertThat(cluster.leftovers())
        .doesNotContain(cluster.container("db2"), cluster.container("db5"));
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(5)
  void serversAreRestartedOneAtATimeAndNothingIsLost() throws Exception {
    Map<String, String> before = processes("db1", "db3", "db4");
    List<Integer> written = whileWriting(() -> cluster.good("restart", "--rolling"));

    assertThat(processes("db1", "db3", "db4").values())
        .doesNotContainAnyElementsOf(before.values());
    assertNodes("db1", "db4", "db3");
    for (String node : List.of("db1", "db3", "db4")) {
      assertThat(rowsOn(node)).containsAll(written);
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private Outcome edited(Action edit, String... args) {
    try {
      edit.run();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return cluster.run(args);
  }

  /** Does something while an application writes through the proxy; the rows it was promised. */
  private List<Integer> whileWriting(Action action) throws Exception {
    SteadyWriter writer = cluster.writer("10.99.26.10:6446");
    try (writer) {
      action.run();
    }
    assertThat(writer.acknowledged()).hasSizeGreaterThan(10);
    return writer.acknowledged();
  }

  private void assertNodes(String... names) {
    Outcome status = cluster.good("status");
    assertThat(status.event("status"))
        .containsEntry("healthy", true)
        .containsEntry("problems", List.of());
    assertThat(cluster.nodes(status))
        .allMatch(n -> "ONLINE".equals(n.get("state")))
        .extracting(n -> n.get("name"))
        .containsExactly((Object[]) names);
  }

  private List<Integer> rowsOn(String node) throws Exception {
    return cluster.query(node, "SELECT id FROM app.steady").lines().map(Integer::valueOf).toList();
  }

  private Map<String, String> serverIds(String... nodes) throws Exception {
    Map<String, String> result = new TreeMap<>();
    for (String node : nodes) {
      result.put(node, cluster.query(node, "SELECT @@server_id"));
    }
    return result;
  }

  private Map<String, String> processes(String... nodes) throws Exception {
    Map<String, String> result = new TreeMap<>();
    for (String node : Stream.of(nodes).toList()) {
      result.put(node, node + cluster.inside(node, "systemctl show -p MainPID,InvocationID mysql"));
    }
    return result;
  }
}
