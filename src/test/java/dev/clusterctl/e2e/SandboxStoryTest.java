package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/**
 * The life of one cluster, like that of examples/sandbox.yaml: three nodes in multi-primary mode
 * behind MySQL Router. Each test begins where the one before ended, with a healthy cluster.
 */
@Tag("e2e")
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class SandboxStoryTest {
  private static final List<String> NODES = List.of("db1", "db2", "db3");

  /** Generous: what is asserted is that it is no outage, not how fast the host is. */
  private static final Duration NO_OUTAGE = Duration.ofSeconds(15);

  @TempDir static Path directory;

  private Playground cluster;

  @BeforeAll
  void bringItUp() throws IOException {
    cluster =
        new Playground(
            directory,
            "e2e-sandbox",
            """
            name: e2e-sandbox
            machines: {provider: docker, os: debian-sid, memory: 512}
            mysql:
              version: 9.7
              packages: distro
              options: {max_connections: 120, back_log: 60}
            replication: {type: group, mode: multi-primary}
            nodes:
              - {name: db1, address: 10.99.20.11}
              - {name: db2, address: 10.99.20.12}
              - {name: db3, address: 10.99.20.13}
            proxy: {type: mysql-router, name: proxy, address: 10.99.20.10, memory: 256}
            databases: [{name: app, user: app}]
            """);
    Outcome up = cluster.good("up");
    assertThat(up.event("connect").toString()).contains("10.99.20.10:6446");
  }

  @AfterAll
  void leaveNothing() throws Exception {
    cluster.close();
  }

  @Test
  @Order(1)
  void everythingIsHealthy() {
    assertHealthy();
    assertThat(cluster.nodes(cluster.good("status")))
        .allSatisfy(
            node -> {
              assertThat(node).containsEntry("role", "primary").containsEntry("writable", true);
              assertThat((String) node.get("version")).startsWith("9.7.");
            });
    assertThat(cluster.run("status").out()).contains("db3").contains("ONLINE").contains("6446");
  }

  @Test
  @Order(2)
  void theSecondUpChangesNothingAndSaysSo() {
    Outcome up = cluster.run("up");
    assertThat(up.code()).as(up.said()).isZero();
    assertThat(up.out()).contains("nothing to do: everything is as the file says");
    assertThat(cluster.good("up").steps("changed")).isEmpty();
    Outcome plan = cluster.good("plan");
    assertThat(plan.steps("would-change")).isEmpty();
    assertThat(plan.steps("unchanged")).hasSizeGreaterThan(30);
  }

  @Test
  @Order(3)
  void aConnectionIsWhatAnApplicationNeeds() throws Exception {
    assertThat(cluster.run("connection").said()).doesNotContain(cluster.password());
    try (Connection connection = application()) {
      connection.createStatement().execute("CREATE TABLE story (id INT PRIMARY KEY, chapter TEXT)");
      connection.createStatement().execute("INSERT INTO story VALUES (1, 'made')");
    }
    assertThat(rowsOf("story")).allSatisfy((node, rows) -> assertThat(rows).isEqualTo("1"));
  }

  @Test
  @Order(4)
  void sshSqlAndLogsReachEveryMachine() throws Exception {
    Outcome ssh =
        cluster.process("ssh", "db2", "--", "sh", "-c", "hostname; echo oops >&2; exit 7");
    assertThat(ssh).isEqualTo(new Outcome(7, "db2\n", "oops\n"));
    Outcome sql = cluster.process("sql", "db3", "-e", "SELECT @@hostname, chapter FROM app.story");
    assertThat(sql.code()).as(sql.said()).isZero();
    assertThat(sql.out()).contains("db3\tmade");
    assertThat(cluster.process("sql", "db3", "-e", "SELECT wrong").code()).isEqualTo(1);
    Outcome throughProxy = cluster.process("sql", "proxy", "-e", "SELECT CURRENT_USER()");
    assertThat(throughProxy.out()).as(throughProxy.said()).contains("app@10.99.20.10");
    Outcome logs = cluster.run("logs", "db1", "-n", "5");
    assertThat(logs.code()).as(logs.said()).isZero();
    assertThat(logs.out().lines()).hasSize(5);
    assertThat(cluster.run("logs", "proxy").out()).isNotBlank();
  }

  @Test
  @Order(4)
  void copiesInAGroupAreComparedAndCarryFiles() throws Exception {
    Map<String, Object> files =
        cluster.good("replication-test", "--count=4", "--size=4MB").event("replication-test");
    assertThat(files).containsEntry("passed", true).containsEntry("deleted", 2);
    assertThat((List<?>) files.get("nodes")).hasSize(3);
    cluster.query("db1", "CREATE TABLE app.copied (id INT PRIMARY KEY, n INT)");
    cluster.query("db2", "INSERT INTO app.copied VALUES (1, 1), (2, 2)");
    assertThat(cluster.good("verify").event("verify")).containsEntry("passed", true);
    cluster.query("db3", "SET SESSION sql_log_bin = OFF; UPDATE app.copied SET n = 3 WHERE id = 2");
    Outcome differing = cluster.run("verify", "--database=app");
    assertThat(differing.code()).as(differing.said()).isEqualTo(3);
    assertThat(differing.out()).contains("app.copied").contains("2 differs");
    cluster.query("db1", "DROP TABLE app.copied");
    assertHealthy();
  }

  @Test
  @Order(5)
  void aStoppedServerIsAllThatPlanFindsAndAllThatUpRepairs() throws Exception {
    cluster.inside("db2", "systemctl stop mysql");
    Outcome status = cluster.run("--output=json", "status");
    assertThat(status.code()).isEqualTo(3);
    assertThat(status.event("status").get("problems").toString()).contains("db2");

    Outcome plan = cluster.good("plan");
    assertThat(plan.steps("would-change")).containsExactly("db2/server");
    assertThat(plan.step("db2/server").get("changes").toString())
        .contains("start the server (it is inactive)");
    assertThat(cluster.good("up").steps("changed"))
        .contains("db2/server")
        .allMatch(step -> step.startsWith("db2/"));
    assertHealthy();
  }

  @Test
  @Order(6)
  void aProxyWhoseMachineIsGoneIsMadeAnewAndNothingElse() throws Exception {
    Host.docker("rm", "--force", "--volumes", cluster.container("proxy"));
    assertThat(cluster.good("plan").steps("would-change")).containsExactly("proxy/machine");
    assertThat(cluster.good("up").steps("changed"))
        .contains("proxy/machine")
        .allMatch(step -> step.startsWith("proxy/") || step.equals("cluster/client"));
    assertHealthy();
  }

  @Test
  @Order(7)
  void anOptionThatARunningServerTakesIsSetWithoutARestart() throws Exception {
    Map<String, String> before = started();
    cluster.edit("max_connections: 120", "max_connections: 130");
    assertThat(cluster.good("plan").steps("would-change"))
        .contains("db1/option-file", "db2/option-file", "db3/option-file");
    assertThat(cluster.good("up").steps("changed"))
        .containsExactly(
            "cluster/options", "db1/option-file", "db2/option-file", "db3/option-file");
    for (String node : NODES) {
      assertThat(cluster.query(node, "SELECT @@max_connections")).isEqualTo("130");
    }
    assertThat(started()).isEqualTo(before);
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(8)
  void anOptionThatNeedsARestartIsRolledOutNodeByNode() throws Exception {
    Map<String, String> before = started();
    cluster.edit("back_log: 60", "back_log: 70");
    List<Integer> online = new CopyOnWriteArrayList<>();
    SteadyWriter writer = cluster.writer("10.99.20.10:6446");
    GroupWatch watch = new GroupWatch(cluster, NODES, online::add);
    try (writer;
        watch) {
      assertThat(cluster.good("up").steps("changed")).contains("cluster/options");
    }
    for (String node : NODES) {
      assertThat(cluster.query(node, "SELECT @@back_log")).isEqualTo("70");
    }
    assertThat(started().values()).doesNotContainAnyElementsOf(before.values());
    // Seen from whoever sees most: never two nodes away at the same time.
    assertThat(online).hasSizeGreaterThan(5).contains(2).doesNotContain(0, 1);
    assertThat(writer.longestGap()).isLessThan(NO_OUTAGE);
    for (String node : NODES) {
      assertThat(cluster.query(node, "SELECT id FROM app.steady").lines().map(Integer::valueOf))
          .containsAll(writer.acknowledged());
    }
    assertHealthy();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kill", "freeze", "partition"})
  @Order(9)
  void aNodeMayFailAndNothingIsLost(String how) throws Exception {
    Path json = directory.resolve(how + ".json");
    Path junit = directory.resolve(how + ".xml");
    Outcome test =
        cluster.run(
            "failover-test",
            "db2",
            "--how=" + how,
            "--down-for=6s",
            "--writers=2",
            "--rate=25",
            "--json=" + json,
            "--junit=" + junit);
    assertThat(test.code()).as(test.said()).isZero();
    Map<String, Object> report = JSON.std.mapFrom(Files.readString(json));
    assertThat(report)
        .containsEntry("verdict", "passed")
        .containsEntry("node", "db2")
        .containsEntry("how", how);
    assertThat((Map<?, ?>) report.get("data"))
        .satisfies(
            data -> {
              assertThat(data.get("lost")).isEqualTo(0);
              assertThat((Integer) data.get("acknowledged")).isGreaterThan(100);
              assertThat((Map<?, ?>) data.get("rows")).hasSize(3);
            });
    Element suite = suite(junit);
    assertThat(suite.getAttribute("failures")).isEqualTo("0");
    assertThat(suite.getElementsByTagName("testcase").getLength()).isGreaterThanOrEqualTo(4);
    assertLeftAsItWas();
  }

  @Test
  @Order(10)
  void aGapThatIsLongerThanAllowedFailsTheTestAndNothingElseOfIt() throws Exception {
    Path junit = directory.resolve("stop.xml");
    Outcome test =
        cluster.run(
            "failover-test",
            "db2",
            "--how=stop",
            "--down-for=3s",
            "--writers=2",
            "--rate=25",
            "--max-downtime=1ms",
            "--junit=" + junit);
    assertThat(test.code()).as(test.said()).isEqualTo(3);
    Element suite = suite(junit);
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    Element failure = (Element) suite.getElementsByTagName("failure").item(0);
    assertThat(((Element) failure.getParentNode()).getAttribute("name"))
        .isEqualTo("longest gap within --max-downtime");
    assertLeftAsItWas();
  }

  @Test
  @Order(11)
  void afterEveryServerWasStoppedTheGroupBeginsWhereMostTransactionsAre() throws Exception {
    // Each knows less than the next one, and the last one isn't the first of the file.
    cluster.inside("db1", "systemctl stop mysql");
    cluster.query("db2", "INSERT INTO app.story VALUES (2, 'without db1')");
    cluster.inside("db2", "systemctl stop mysql");
    cluster.query("db3", "INSERT INTO app.story VALUES (3, 'db3 alone')");
    cluster.inside("db3", "systemctl stop mysql");

    Outcome up = cluster.good("up");
    assertThat(up.step("cluster/group").get("changes").toString())
        .contains("begin the group again on db3, which has all transactions");
    assertHealthy();
    assertThat(rowsOf("story")).allSatisfy((node, rows) -> assertThat(rows).isEqualTo("3"));
  }

  @Test
  @Order(12)
  void noPasswordIsToBeSeenAnywhere() throws Exception {
    List<String> secrets = secrets();
    assertThat(secrets).hasSizeGreaterThanOrEqualTo(3);
    try (Stream<Path> files = Files.walk(cluster.state())) {
      for (Path path : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
        if (path.toString().endsWith(".log")) {
          assertThat(Files.readString(path)).doesNotContain(secrets);
        }
      }
    }
    List<String> machines = new ArrayList<>(NODES);
    machines.add("proxy");
    // As a file: in the search's own arguments they would be found.
    Path patterns = Files.write(directory.resolve("patterns"), secrets);
    for (String machine : machines) {
      assertThat(Host.docker("inspect", cluster.container(machine))).doesNotContain(secrets);
      Host.docker("cp", patterns.toString(), cluster.container(machine) + ":/var/patterns");
      // Arguments and environments of all processes, and whatever was logged or left in a file.
      String found =
          cluster.inside(
              machine,
              """
              grep -a -l -F -f /var/patterns /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null
              grep -r -a -l -F -f /var/patterns /var/log /etc /tmp /root /run/clusterctl 2>/dev/null
              journalctl -o cat --no-pager | grep -F -f /var/patterns | sed 's/^.*$/journal/'
              rm /var/patterns
              """);
      assertThat(found).as(machine).isEmpty();
    }
  }

  @Test
  @Order(13)
  void memorySufficedAndNothingRestartedThatNobodyRestarted() throws Exception {
    for (String machine : List.of("db1", "db2", "db3", "proxy")) {
      String container = cluster.container(machine);
      assertThat(Host.docker("inspect", "--format={{.State.OOMKilled}}", container))
          .isEqualTo("false");
      assertThat(OomKills.of(container)).as(machine).isZero();
    }
    for (String node : List.of("db1", "db3")) {
      assertThat(cluster.inside(node, "systemctl show -p NRestarts mysql"))
          .isEqualTo("NRestarts=0");
    }
  }

  @Test
  @Order(14)
  void downLeavesNothingAndMayBeRunAgain() throws Exception {
    List<String> volumes = volumes();
    assertThat(volumes).isNotEmpty();
    cluster.good("down", "--yes");
    assertThat(cluster.leftovers()).isEmpty();
    assertThat(Host.docker("volume", "ls", "--quiet").lines()).doesNotContainAnyElementsOf(volumes);
    assertThat(cluster.good("down", "--yes").steps("changed")).isEmpty();
    Outcome status = cluster.run("status");
    assertThat(status.code()).isEqualTo(3);
    assertThat(status.out()).contains("there are no machines: clusterctl up makes them");
  }

  private void assertHealthy() {
    Outcome status = cluster.good("status");
    assertThat(status.event("status"))
        .containsEntry("healthy", true)
        .containsEntry("problems", List.of());
    assertThat(cluster.nodes(status)).hasSize(3).allMatch(n -> "ONLINE".equals(n.get("state")));
  }

  /** After a fail-over test: healthy, no tables of the test, no rules of a fire wall. */
  private void assertLeftAsItWas() throws Exception {
    assertHealthy();
    for (String node : NODES) {
      assertThat(cluster.query(node, "SHOW DATABASES LIKE '%failover%'")).isEmpty();
      assertThat(cluster.query(node, "SHOW TABLES IN app LIKE '%failover%'")).isEmpty();
    }
    assertThat(cluster.good("plan").steps("would-change")).isEmpty();
  }

  /** When each node's server was started, and so which one it is. */
  private Map<String, String> started() throws Exception {
    Map<String, String> result = new java.util.TreeMap<>();
    for (String node : NODES) {
      result.put(node, node + cluster.inside(node, "systemctl show -p MainPID,InvocationID mysql"));
    }
    return result;
  }

  private Map<String, String> rowsOf(String table) throws Exception {
    Map<String, String> result = new java.util.TreeMap<>();
    for (String node : NODES) {
      result.put(node, cluster.query(node, "SELECT COUNT(*) FROM app." + table));
    }
    return result;
  }

  private List<String> volumes() throws Exception {
    List<String> result = new ArrayList<>();
    for (String node : NODES) {
      String names =
          Host.docker(
              "inspect", "--format={{range .Mounts}}{{.Name}} {{end}}", cluster.container(node));
      Arrays.stream(names.split(" ", -1)).filter(n -> !n.isBlank()).forEach(result::add);
    }
    return result;
  }

  private List<String> secrets() throws IOException {
    return Files.readAllLines(cluster.state().resolve("secrets.yaml")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceFirst("^.*: \"(.*)\"$", "$1"))
        .toList();
  }

  private Connection application() throws SQLException {
    Map<?, ?> shown = database(cluster.good("connection", "--show-secrets"));
    Connection connection =
        DriverManager.getConnection(
            "jdbc:mysql://%s/%s?sslMode=REQUIRED"
                .formatted(((List<?>) shown.get("write")).get(0), shown.get("database")),
            String.valueOf(shown.get("user")),
            String.valueOf(shown.get("password")));
    try (ResultSet row = connection.createStatement().executeQuery("SELECT CURRENT_USER()")) {
      row.next();
      assertThat(Set.of("app@10.99.20.10")).contains(row.getString(1));
    }
    return connection;
  }

  private static Map<?, ?> database(Outcome shown) {
    return (Map<?, ?>) ((List<?>) shown.event("connection").get("databases")).get(0);
  }

  private static Element suite(Path junit) throws Exception {
    Element suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(junit.toFile())
            .getDocumentElement();
    assertThat(suite.getTagName()).isEqualTo("testsuite");
    return suite;
  }
}
