package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.GtidSetTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
 * A source and two replicas, and whether their copies are the same: compared while an application
 * writes, damaged for real, tested with files, saved to a folder, and made anew from there.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class CopiesStoryTest {
  @TempDir static Path directory;

  private Playground cluster;

  @BeforeAll
  void bringItUp() throws Exception {
    cluster =
        new Playground(
            directory,
            "e2e-copies",
            """
            name: e2e-copies
            machines: {provider: docker, os: debian-sid, memory: 512}
            mysql: {version: 9.7, packages: distro}
            replication: {type: source-replica, source: db1}
            nodes:
              - {name: db1, address: 10.99.36.11}
              - {name: db2, address: 10.99.36.12}
              - {name: db3, address: 10.99.36.13}
            databases: [{name: app, user: app}]
            """);
    cluster.good("up");
    cluster.query(
        "db1",
        """
        CREATE TABLE app.orders (id INT PRIMARY KEY, item VARCHAR(40), price FLOAT);
        INSERT INTO app.orders WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
          SELECT i, CONCAT('item ', i), i / 3 FROM n;
        CREATE TABLE app.notes (note TEXT);
        INSERT INTO app.notes VALUES ('one'), ('one'), ('two');
        """);
  }

  @AfterAll
  void leaveNothing() throws Exception {
    cluster.close();
  }

  @Test
  @Order(1)
  void copiesAreTheSameWhileAnApplicationWrites() throws Exception {
    try (SteadyWriter writer = cluster.writer("10.99.36.11:3306")) {
      Map<String, Object> report = cluster.good("verify", "--chunk-size=100").event("verify");
      assertThat(report).containsEntry("passed", true).containsEntry("reference", "db1");
      assertThat(report.get("compared")).isEqualTo(List.of("db2", "db3"));
      assertThat(report.get("refusals").toString())
          .contains("db2")
          .contains("db3")
          .contains("1290");
      assertThat(writer.acknowledged()).isNotEmpty();
    }
  }

  @Test
  @Order(2)
  void whatDiffersIsNamedWithItsKeys() throws Exception {
    behindReplication("db2", "UPDATE app.orders SET price = price + 0.00001 WHERE id = 500");
    behindReplication("db2", "DELETE FROM app.orders WHERE id = 7");
    behindReplication("db2", "DELETE FROM app.notes WHERE note = 'one' LIMIT 1");
    behindReplication("db3", "DROP TABLE app.notes");
    Outcome outcome;
    try (SteadyWriter writer = cluster.writer("10.99.36.11:3306")) {
      outcome = cluster.run("verify", "--chunk-size=100");
      assertThat(writer.acknowledged()).isNotEmpty();
    }
    assertThat(outcome.code()).as(outcome.said()).isEqualTo(3);
    assertThat(outcome.out())
        .contains("app.orders differs on db2: id <= 100: rows: 1 missing (7 missing)")
        .contains(
            "app.orders differs on db2: id > 400 and id <= 500: rows: 1 different (500 differs)")
        .contains("app.notes differs on db3: the table is missing")
        .doesNotContain("app.orders differs on db3");
  }

  @Test
  @Order(3)
  void aNodeThatTakesWritesAndShouldNotIsNamed() throws Exception {
    cluster.query("db3", "SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF");
    Outcome outcome = cluster.run("verify", "--table=app.orders");
    cluster.query("db3", "SET GLOBAL super_read_only = ON");
    assertThat(outcome.code()).as(outcome.said()).isEqualTo(3);
    assertThat(outcome.out())
        .contains("db3 should refuse writes: it takes writes")
        .doesNotContain("db2 should");
  }

  @Test
  @Order(4)
  void filesArriveByteForByteOnEveryNode() throws Exception {
    Path junit = directory.resolve("files.xml");
    Map<String, Object> report =
        cluster
            .good("replication-test", "--count=20", "--size=100MB", "--junit=" + junit)
            .event("replication-test");
    assertThat(report)
        .containsEntry("passed", true)
        .containsEntry("files", 20)
        .containsEntry("deleted", 10);
    assertThat((List<?>) report.get("nodes")).hasSize(3);
    assertThat(junit).content().contains("db3 has all 20 files").contains("failures=\"0\"");
    assertThat(cluster.query("db1", "SHOW TABLES IN app LIKE 'clusterctl%'")).isEmpty();
  }

  @Test
  @Order(5)
  void aDamagedBackupIsRefusedBeforeAnythingIsTouched() throws Exception {
    Path dump = directory.resolve("dump");
    Map<String, Object> manifest =
        cluster.good("backup", "db1", dump.toString(), "--method=mysqldump").event("backup");
    assertThat(manifest).containsEntry("method", "mysqldump");
    Path damaged = directory.resolve("damaged");
    Files.createDirectory(damaged);
    for (String file : List.of("manifest.json", "data.sql.gz")) {
      Files.copy(dump.resolve(file), damaged.resolve(file));
    }
    byte[] data = Files.readAllBytes(damaged.resolve("data.sql.gz"));
    data[data.length / 2] ^= 1;
    Files.write(damaged.resolve("data.sql.gz"), data);
    Outcome outcome = cluster.run("restore", damaged.toString(), "--yes");
    assertThat(outcome.code()).as(outcome.said()).isEqualTo(1);
    assertThat(outcome.said()).contains("is damaged; nothing was touched").contains("SHA-256");
    Files.delete(damaged.resolve("data.sql.gz"));
    assertThat(cluster.run("restore", damaged.toString(), "--yes").said())
        .contains("data.sql.gz is missing");
    assertThat(cluster.query("db1", "SELECT COUNT(*) FROM app.orders")).isEqualTo("1000");
  }

  @Test
  @Order(6)
  void dataIsReplacedOnlyWhereSomebodyAgrees() throws Exception {
    String before = executed("db1");
    cluster.query("db1", "DELETE FROM app.orders");
    Outcome asked = cluster.run("restore", directory.resolve("dump").toString());
    assertThat(asked.code()).as(asked.said()).isEqualTo(2);
    assertThat(asked.said()).contains("replace all data").contains("--yes");
    cluster.good("restore", directory.resolve("dump").toString(), "--yes");
    for (String node : List.of("db1", "db2", "db3")) {
      assertThat(cluster.query(node, "SELECT COUNT(*), MIN(item) FROM app.orders"))
          .as(node)
          .isEqualTo("1000\titem 1");
    }
    assertThat(executed("db1")).contains(before);
    assertThat(cluster.good("verify").event("verify")).containsEntry("passed", true);
  }

  @Test
  @Order(7)
  void aClusterMadeAnewHasTheRowsAndTransactionsOfItsBackup() throws Exception {
    Path copy = directory.resolve("copy");
    String before = executed("db2");
    Map<String, Object> manifest = cluster.good("backup", "db2", copy.toString()).event("backup");
    assertThat(manifest).containsEntry("method", "clone");
    cluster.good("down", "--yes");
    cluster.good("restore", copy.toString());
    for (String node : List.of("db1", "db2", "db3")) {
      assertThat(cluster.query(node, "SELECT COUNT(*) FROM app.orders")).as(node).isEqualTo("1000");
      assertThat(
              cluster.query(
                  node, "SELECT GTID_SUBSET('%s', @@GLOBAL.gtid_executed)".formatted(before)))
          .as(node)
          .isEqualTo("1");
    }
    assertThat(cluster.good("verify").event("verify")).containsEntry("passed", true);
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  /** With tags, which only servers from 8.3 on know. */
  @Test
  @Order(8)
  void theAlgebraOfTransactionsIsTheServersOwn() throws Exception {
    StringBuilder sql = new StringBuilder();
    StringBuilder ours = new StringBuilder();
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      GtidSet a = GtidSetTest.random(random, new HashSet<>());
      GtidSet b = GtidSetTest.random(random, new HashSet<>());
      sql.append(
          "SELECT GTID_SUBSET('%1$s', '%2$s'), CONCAT('-', GTID_SUBTRACT('%1$s', '%2$s')), CONCAT('+', GTID_SUBTRACT('%1$s,%2$s', ''));\n"
              .formatted(a, b));
      ours.append(b.contains(a) ? 1 : 0)
          .append("\t-")
          .append(a.subtract(b))
          .append("\t+")
          .append(a.union(b))
          .append('\n');
    }
    // The client prints a line break within a value as a backslash and an n.
    assertThat(cluster.query("db1", sql.toString()).replace("\\n", "").lines().toList())
        .isEqualTo(ours.toString().lines().toList());
  }

  private String executed(String node) throws IOException, InterruptedException {
    return cluster.query(node, "SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '')");
  }

  /** Changes a replica's data in a way that nobody else is told of. */
  private void behindReplication(String node, String sql) throws IOException, InterruptedException {
    cluster.query(
        node,
        "SET GLOBAL super_read_only = OFF; SET SESSION sql_log_bin = OFF; %s; SET GLOBAL super_read_only = ON"
            .formatted(sql));
  }
}
