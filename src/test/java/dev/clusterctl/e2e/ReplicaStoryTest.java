package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source and its replicas, from two nodes to five, with an application that writes all the while:
 * what breaks replication is done to it for real, named by status, and repaired by the command that
 * status names.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ReplicaStoryTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  // A server whose disk was full looks again once a minute.
  private static final Duration NEXT_LOOK = Duration.ofSeconds(120);
  private static final String ROUTER = "10.99.24.10";

  @TempDir static Path directory;

  private Playground cluster;
  private SteadyWriter writer;

  @BeforeAll
  void aPair() throws Exception {
    cluster =
        new Playground(
            directory,
            "e2e-replicas",
            """
            name: e2e-replicas
            machines: {provider: docker, os: debian-sid, memory: 768}
            mysql: {version: 9.7, packages: distro}
            replication: {type: source-replica, source: db1}
            nodes:
              - {name: db1, address: 10.99.24.11}
              - {name: db2, address: 10.99.24.12}
            proxy: {type: mysql-router, address: %s}
            databases: [{name: app, user: app}]
            """
                .formatted(ROUTER));
    cluster.good("up");
    writer = cluster.writer(ROUTER + ":6446");
  }

  @AfterAll
  void leaveNothing() throws Exception {
    if (writer != null) {
      writer.close();
    }
    cluster.close();
  }

  @Test
  @Order(1)
  void aSecondUpFindsNothingToDoAndWhatIsWrittenArrives() throws Exception {
    assertThat(cluster.good("up").steps("changed")).isEmpty();
    assertThat(roles()).containsExactly("db1 source true", "db2 replica false");
    cluster.query("db1", "CREATE TABLE app.notes (id INT PRIMARY KEY, text VARCHAR(100))");
    cluster.query("db1", "INSERT INTO app.notes VALUES (1, 'one'), (2, 'two')");
    awaitRows("db2", "SELECT COUNT(*) FROM app.notes", "2");
  }

  @Test
  @Order(2)
  void nodesThatAreAddedGetACopySideBySideWhileWritesGoOn() throws Exception {
    cluster.edit(
        "  - {name: db2, address: 10.99.24.12}\n",
        """
          - {name: db2, address: 10.99.24.12}
          - {name: db3, address: 10.99.24.13}
          - {name: db4, address: 10.99.24.14}
          - {name: db5, address: 10.99.24.15}
        """);
    assertThat(cluster.good("up").steps("changed"))
        .contains("db3/seed", "db4/seed", "db5/seed")
        .doesNotContain("db2/seed");
    assertThat(roles()).hasSize(5).allMatch(r -> r.equals("db1 source true") || replica(r));
  }

  @Test
  @Order(3)
  void whoeverWasAwayUntilTheBinaryLogsWerePurgedIsReseeded() throws Exception {
    cluster.inside("db2", "systemctl stop mysql");
    cluster.query("db1", "INSERT INTO app.notes VALUES (3, 'three'); FLUSH BINARY LOGS");
    String current = cluster.query("db1", "SHOW BINARY LOG STATUS").split("\t", -1)[0];
    cluster.query("db1", "PURGE BINARY LOGS TO '" + current + "'");
    cluster.inside("db2", "systemctl start mysql");
    awaitDiagnosis("db2", "purged", "clusterctl reseed db2");

    Outcome refused = cluster.run("--output=json", "up");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.steps("failed")).containsExactly("db2/seed");
    assertThat(refused.said()).contains("clusterctl reseed db2");

    cluster.good("reseed", "db2", "--yes");
    awaitHealthy();
    awaitRows("db2", "SELECT text FROM app.notes WHERE id = 3", "three");
  }

  @Test
  @Order(4)
  void aReplicaThatWasWrittenToIsReseededAndWhatOnlyItHadIsNamed() throws Exception {
    cluster.query(
        "db3",
        "SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF;"
            + " INSERT INTO app.notes VALUES (4, 'written on the replica')");
    cluster.query("db1", "INSERT INTO app.notes VALUES (4, 'written on the source')");
    awaitDiagnosis("db3", "duplicate-key", "clusterctl reseed db3");
    assertThat(codes("db3"))
        .contains("errant-transactions", "duplicate-key", "takes-writes")
        .doesNotContain("purged");

    Outcome asked = cluster.run("reseed", "db3");
    assertThat(asked.code()).isEqualTo(2);
    assertThat(asked.said())
        .contains("1 transaction that only db3 has will be gone")
        .contains("--yes");
    assertThat(cluster.query("db3", "SELECT text FROM app.notes WHERE id = 4"))
        .isEqualTo("written on the replica");

    Outcome reseeded = cluster.good("reseed", "db3", "--yes", "--method=mysqldump");
    assertThat(reseeded.event("reseed"))
        .containsEntry("method", "mysqldump")
        .containsEntry("lostTransactions", 1);
    awaitHealthy();
    assertThat(cluster.query("db3", "SELECT text FROM app.notes WHERE id = 4"))
        .isEqualTo("written on the source");
    assertThat(cluster.run("reseed", "db1", "--yes").said()).contains("db1 is the source");
  }

  @Test
  @Order(5)
  void aFullDiskIsNamedAndTheReplicaGoesOnOnceThereIsRoom() throws Exception {
    // The data directory on a disk of its own, just large enough.
    cluster.inside(
        "db2",
        """
        systemctl stop mysql && mkdir /mnt/small && mount -t tmpfs -o size=300m tmpfs /mnt/small &&
        cp -a /var/lib/mysql/. /mnt/small/ && mount --bind /mnt/small /var/lib/mysql &&
        chown mysql:mysql /var/lib/mysql && systemctl start mysql""");
    awaitHealthy();
    cluster.inside(
        "db2",
        "fallocate -l $(( $(df --output=avail -B1 /var/lib/mysql | tail -n 1) - 65536 )) /var/lib/mysql/filler");
    cluster.query("db1", "CREATE TABLE app.large (id INT PRIMARY KEY, content LONGBLOB)");
    cluster.query("db1", "INSERT INTO app.large VALUES (1, REPEAT('x', 3000000))");
    await()
        .atMost(SOON)
        .until(() -> cluster.query("db2", "SHOW PROCESSLIST").contains("Waiting for disk space"));
    awaitDiagnosis("db2", "disk-full", "make room");
    cluster.inside("db2", "rm /var/lib/mysql/filler");
  }

  @Test
  @Order(6)
  void xtraBackupsWayPutsTheFilesInPlace() throws Exception {
    assertThat(cluster.run("reseed", "db4", "--yes", "--method=xtrabackup").said())
        .contains("there is no xtrabackup and xbstream on db1");
    for (String node : List.of("db1", "db4")) {
      Host.docker(
          "cp", "src/test/resources/xtrabackup/.", cluster.container(node) + ":/usr/local/bin/");
    }
    String uuid = cluster.query("db4", "SELECT @@server_uuid");
    cluster.query(
        "db4", "SET sql_log_bin = 0; SET GLOBAL super_read_only = OFF; CREATE DATABASE stray");
    cluster.good("reseed", "db4", "--yes", "--method=xtrabackup");
    assertThat(cluster.query("db4", "SHOW DATABASES LIKE 'stray'")).isEmpty();
    assertThat(cluster.query("db4", "SELECT @@server_uuid")).isEqualTo(uuid);
  }

  @Test
  @Order(7)
  void whoeverRestartsIsWhatItWas() throws Exception {
    // As the server's own start leaves it, before anybody tells it anything.
    cluster.inside("db5", "systemctl restart mysql");
    assertThat(cluster.query("db5", "SELECT @@super_read_only, @@read_only")).isEqualTo("1\t1");
    cluster.inside("db1", "systemctl restart mysql");
    await().atMost(SOON).until(() -> cluster.query("db1", "SELECT @@super_read_only").equals("0"));
    String newest = "SELECT COALESCE(MAX(id), 0) FROM app.steady";
    int written = Integer.parseInt(cluster.query("db1", newest));
    await().atMost(SOON).until(() -> Integer.parseInt(cluster.query("db1", newest)) > written);
  }

  @Test
  @Order(8)
  void aDamagedRelayLogIsFetchedAgainByUp() throws Exception {
    cluster.query("db3", "STOP REPLICA SQL_THREAD; FLUSH NO_WRITE_TO_BINLOG RELAY LOGS");
    cluster.query("db1", "INSERT INTO app.notes VALUES (6, REPEAT('six', 30))");
    String before = cluster.query("db1", "SELECT @@GLOBAL.gtid_executed").replace("\n", "");
    await()
        .atMost(SOON)
        .until(
            () ->
                cluster
                    .query(
                        "db3",
                        ("SELECT GTID_SUBSET(GTID_SUBTRACT('%s', @@GLOBAL.gtid_executed),"
                                + " RECEIVED_TRANSACTION_SET) FROM"
                                + " performance_schema.replication_connection_status")
                            .formatted(before))
                    .equals("1"));
    // Past the events that say what kind of file it is.
    cluster.inside(
        "db3",
        "for f in $(ls -t /var/lib/mysql/relay.0* | head -n 2); do dd if=/dev/zero of=$f bs=1 seek=700 count=120 conv=notrunc 2>/dev/null; done");
    cluster.query("db3", "START REPLICA SQL_THREAD");
    awaitDiagnosis("db3", "relay-log-broken", "clusterctl up");
    assertThat(cluster.good("up").steps("changed")).contains("db3/replica");
    awaitRows("db3", "SELECT COUNT(*) FROM app.notes WHERE id = 6", "1");
  }

  @Test
  @Order(9)
  void aReplicaThatIsNoMoreIsMadeAnew() throws Exception {
    Host.docker("rm", "--force", "--volumes", cluster.container("db5"));
    assertThat(cluster.good("up").steps("changed")).contains("db5/machine", "db5/seed");
  }

  @Test
  @Order(10)
  void everyRowThatWasAcknowledgedIsOnEveryNode() throws Exception {
    writer.close();
    assertThat(writer.acknowledged()).isNotEmpty();
    await().atMost(NEXT_LOOK).until(() -> codes("db2").isEmpty());
    awaitHealthy();
    for (int node = 1; node <= 5; node++) {
      String name = "db" + node;
      await().atMost(NEXT_LOOK).until(() -> rows(name).containsAll(writer.acknowledged()));
    }
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  private Set<Integer> rows(String node) throws IOException, InterruptedException {
    Set<Integer> rows = new TreeSet<>();
    cluster
        .query(node, "SELECT id FROM app.steady")
        .lines()
        .forEach(line -> rows.add(Integer.valueOf(line)));
    return rows;
  }

  private static boolean replica(String role) {
    return role.endsWith(" replica false");
  }

  private List<String> roles() {
    return cluster.nodes(cluster.good("status")).stream()
        .map(n -> "%s %s %s".formatted(n.get("name"), n.get("role"), n.get("writable")))
        .toList();
  }

  private void awaitRows(String node, String sql, String expected) {
    await().atMost(SOON).until(() -> cluster.query(node, sql).equals(expected));
  }

  /** Nothing is settling any more, and all is well. */
  private void awaitHealthy() {
    await().atMost(NEXT_LOOK).until(() -> cluster.run("status").code() == 0);
  }

  private void awaitDiagnosis(String node, String code, String repair) {
    await().atMost(SOON).until(() -> codes(node).contains(code));
    assertThat(diagnoses(node))
        .filteredOn(d -> code.equals(d.get("code")))
        .allSatisfy(d -> assertThat(String.valueOf(d.get("repair"))).contains(repair));
  }

  private List<String> codes(String node) {
    return diagnoses(node).stream().map(d -> String.valueOf(d.get("code"))).toList();
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> diagnoses(String node) {
    Map<String, Object> status = cluster.run("--output=json", "status").event("status");
    return ((List<Map<String, Object>>) status.get("diagnosis"))
        .stream().filter(d -> node.equals(d.get("node"))).toList();
  }
}
