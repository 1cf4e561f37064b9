package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An application's data comes into a group, and the application after it. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class DataStoryTest {
  private static final List<String> NODES = List.of("db1", "db2", "db3");
  private static final int INSERTS = 40;
  private static final int ROWS_EACH = 1000;

  @TempDir static Path directory;

  private Playground cluster;

  @BeforeAll
  void bringItUp() throws IOException {
    Files.writeString(
        directory.resolve("first.sql"),
        """
        CREATE TABLE first (id int PRIMARY KEY, x text);
        INSERT INTO first VALUES (1, 'one'), (2, 'two');
        """);
    cluster =
        new Playground(
            directory,
            "e2e-data",
            """
            name: e2e-data
            machines: {provider: docker, os: debian-sid, memory: 512}
            mysql: {version: 9.7, packages: distro}
            replication: {type: group, mode: multi-primary}
            nodes:
              - {name: db1, address: 10.99.32.11}
              - {name: db2, address: 10.99.32.12}
              - {name: db3, address: 10.99.32.13}
            proxy: {type: mysql-router, name: proxy, address: 10.99.32.10, memory: 256}
            databases:
              - {name: app, user: app}
              - {name: shop, user: shop, load: first.sql}
            """);
    assertThat(cluster.good("up").steps("changed")).contains("cluster/load-shop");
  }

  @AfterAll
  void leaveNothing() throws Exception {
    cluster.close();
  }

  @Test
  @Order(1)
  void whatTheFileNamesIsLoadedOnce() throws Exception {
    assertEverywhere("SELECT COUNT(*) FROM shop.first", "2");
    cluster.query("db1", "DELETE FROM shop.first WHERE id = 2");
    assertThat(cluster.good("up").steps("changed")).isEmpty();
    assertEverywhere("SELECT COUNT(*) FROM shop.first", "1");
  }

  @Test
  @Order(2)
  void aDumpThatDoesntFitIsRefusedBeforeAnythingIsTouched() throws Exception {
    Path dump = directory.resolve("keyless.sql");
    Files.writeString(dump, "CREATE TABLE good (id int PRIMARY KEY);\nCREATE TABLE bad (x int);\n");
    Outcome refused = cluster.run("load", "app", dump.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.out()).contains("keyless.sql:2: error: table bad has no primary key");
    assertThat(cluster.query("db1", "SHOW TABLES IN app")).isEmpty();
    cluster.good("load", "app", dump.toString(), "--add-primary-keys");
    assertEverywhere(
        "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA='app'", "2");
  }

  @Test
  @Order(3)
  void aLoadThatIsKilledGoesOnWhereItWas() throws Exception {
    Path dump = bigDump(directory.resolve("big.sql.gz"));
    Process load =
        new ProcessBuilder(cluster.program("load", "app", dump.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("load.out").toFile())
            .start();
    await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> rows("db1") > 0);
    load.destroyForcibly().waitFor();
    assertThat(rows("db1")).isLessThan(INSERTS * ROWS_EACH);

    Outcome again = cluster.run("load", "app", dump.toString());
    assertThat(again.code()).as(again.said()).isEqualTo(2);
    assertThat(again.said()).contains("big.sql.gz into app was interrupted").contains("--resume");
    Outcome resumed = cluster.good("load", "app", dump.toString(), "--resume");
    assertThat(((Number) resumed.event("load").get("rows")).intValue())
        .isPositive()
        .isLessThan(INSERTS * ROWS_EACH);
    assertEverywhere("SELECT COUNT(*) FROM app.big", String.valueOf(INSERTS * ROWS_EACH));
    assertEverywhere("SHOW TABLES IN app LIKE 'clusterctl%'", "");
  }

  @Test
  @Order(4)
  void zstdIsUnderstoodAndTablesAreReplacedOnlyWhereThatIsAgreedTo() throws Exception {
    Path plain = directory.resolve("again.sql");
    Files.writeString(
        plain,
        "DROP TABLE IF EXISTS big;\nCREATE TABLE big (id int PRIMARY KEY);\nINSERT INTO big VALUES (7);\n");
    assertThat(Host.run("zstd", "-q", "-19", plain.toString()).code()).isZero();
    Outcome unasked = cluster.run("load", "app", plain + ".zst");
    assertThat(unasked.code()).isEqualTo(2);
    assertThat(unasked.said()).contains("replace big in app?");
    cluster.good("load", "app", plain + ".zst", "--yes", "--node=db2");
    assertEverywhere("SELECT GROUP_CONCAT(id) FROM app.big", "7");
  }

  @Test
  @Order(5)
  void phpAndTheMysqlClientConnectWithWhatConnectionPrints() throws Exception {
    Path script = directory.resolve("connect.php");
    Files.writeString(
        script,
        """
        <?php
        mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
        [, $env, $ci3, $ci4, $pdoLine] = $argv;
        $e = parse_ini_file($env, false, INI_SCANNER_RAW);
        $pdo = new PDO("mysql:host={$e['DB_HOST']};port={$e['DB_PORT']};dbname={$e['DB_DATABASE']}",
            $e['DB_USERNAME'], $e['DB_PASSWORD']);
        echo "dotenv ", $pdo->query('SELECT id FROM big')->fetchColumn(), "\\n";
        eval(file_get_contents($ci3));
        $d = $db['default'];
        $my = new mysqli($d['hostname'], $d['username'], $d['password'], $d['database'], $d['port']);
        $my->set_charset($d['char_set']);
        echo "codeigniter3 ", $my->query('SELECT id FROM big')->fetch_row()[0], "\\n";
        eval('class Config { ' . file_get_contents($ci4) . ' }');
        $d = (new Config())->default;
        $my = new mysqli($d['hostname'], $d['username'], $d['password'], $d['database'], $d['port']);
        $my->set_charset($d['charset']);
        echo "codeigniter4 ", $my->query('SELECT id FROM big')->fetch_row()[0], "\\n";
        eval(file_get_contents($pdoLine));
        echo "pdo ", $pdo->query('SELECT id FROM big')->fetchColumn(), "\\n";
        """);
    List<String> words = new ArrayList<>(List.of("php", script.toString()));
    for (String format : List.of("dotenv", "codeigniter3", "codeigniter", "pdo")) {
      words.add(Files.writeString(directory.resolve(format), shown(format)).toString());
    }
    Outcome php = Host.run(Map.of(), words);
    assertThat(php.said()).isEqualTo("dotenv 7\ncodeigniter3 7\ncodeigniter4 7\npdo 7\n");

    String password =
        shown("dotenv").lines().filter(l -> l.startsWith("DB_PASSWORD=")).findFirst().orElseThrow();
    String line = shown("mysql").strip();
    assertThat(line).startsWith("mysql ").doesNotContain(password.substring(12));
    Outcome client =
        Host.run(
            Map.of("MYSQL_PWD", password.substring(12)),
            List.of("sh", "-c", line.replace(" --password", "") + " -BNe 'SELECT id FROM big'"));
    assertThat(client.out()).isEqualTo("7\n");
  }

  private String shown(String format) {
    Outcome shown =
        cluster.run("connection", "--show-secrets", "--format=" + format, "--database=app");
    assertThat(shown.code()).as(shown.said()).isZero();
    return shown.out();
  }

  private int rows(String node) throws Exception {
    return Integer.parseInt(cluster.query(node, "SELECT COUNT(*) FROM app.big"));
  }

  /** What every node says, once each has applied what the others have sent. */
  private void assertEverywhere(String query, String answer) {
    for (String node : NODES) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(cluster.query(node, query)).as(node).isEqualTo(answer));
    }
  }

  private static Path bigDump(Path file) throws IOException {
    try (BufferedWriter out =
        new BufferedWriter(
            new java.io.OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file)),
                java.nio.charset.StandardCharsets.UTF_8))) {
      out.write(
          "SET @factor = 2;\nCREATE TABLE big (id int PRIMARY KEY, f int, x varchar(2000));\n");
      int id = 0;
      for (int i = 0; i < INSERTS; i++) {
        out.write("INSERT INTO big VALUES ");
        for (int j = 0; j < ROWS_EACH; j++) {
          out.write((j == 0 ? "(" : ",(") + ++id + ",@factor,'" + "x;".repeat(500) + "')");
        }
        out.write(";\n");
      }
    }
    return file;
  }
}
