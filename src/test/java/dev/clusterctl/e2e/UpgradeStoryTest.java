package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.clusterctl.machine.TestMachines;
import dev.clusterctl.mysql.RealServer.Release;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;

/**
 * A source and its replica go from a real MySQL 5.7.22 to a real 8.0.12 while an application writes
 * through MySQL Router, and in spite of kills. Each test begins where the one before ended.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class UpgradeStoryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String OLD = "  version: 5.7.22   # to be upgraded\n";
  private static final String NEW = "  version: 8.0.12   # to be upgraded\n";
  private static final Map<String, String> HOSTS =
      Map.of("db1", "10.99.38.11", "db2", "10.99.38.12", "proxy", "10.99.38.10");

  @TempDir static Path directory;

  private final Map<String, SshMachine> machines = new LinkedHashMap<>();
  private Network network;
  private Playground cluster;
  private SteadyWriter writer;

  @BeforeAll
  void bringItUp() throws Exception {
    String image = TestMachines.image(directory.resolve("image"));
    network = SshMachines.network("10.99.38.0/24");
    Path key = SshMachine.newKey(directory.resolve("id_test"));
    for (String name : List.of("db1", "db2", "proxy")) {
      SshMachine machine = new SshMachine(image, network, name, key, HOSTS, directory);
      machine.start();
      machines.put(name, machine);
    }
    for (Release release : Release.values()) {
      OldServerPackages.make(release, machine("proxy"), directory.resolve("debs"));
    }
    for (String node : List.of("db1", "db2")) {
      machine(node).bash("rm /usr/sbin/mysqld");
    }
    cluster = new Playground(directory, "e2e-upgrade", yaml());
    cluster.good("up");
    writer =
        SteadyWriter.withoutTls(
            "jdbc:mysql://%s:6446/app".formatted(HOSTS.get("proxy")), "app", password());
  }

  @AfterAll
  void removeMachines() throws Exception {
    if (writer != null) {
      writer.close();
    }
    machines.values().forEach(SshMachine::stop);
    network.close();
  }

  private String yaml() {
    return """
        name: e2e-upgrade
        machines: {provider: ssh, os: debian-sid, memory: 512}
        mysql:
        %s  packages: {debs: [{url: 'https://localhost/%s'}]}
        replication: {type: source-replica, source: db1}
        nodes:
          - %s
          - %s
        proxy: %s
        databases: [{name: app, user: app}]
        downloads: {directory: debs}
        """
        .formatted(
            OLD,
            OldServerPackages.name(Release.MYSQL_5_7_22),
            entry("db1"),
            entry("db2"),
            entry("proxy")
                .replace("{name:", "{type: mysql-router, version: 9.7, packages: distro, name:"));
  }

  private String entry(String name) {
    SshMachine machine = machine(name);
    return new SshMachines.Entry(name, machine.address(), "root", "id_test", machine.hostKey())
        .yaml();
  }

  @Test
  @Order(1)
  void whatCanNotBeDoneIsRefusedWithEveryReasonBeforeAnythingIsTouched() throws Exception {
    Outcome far = cluster.run("upgrade", "--to", "9.7.4", "--yes");
    assertThat(far.code()).as(far.said()).isEqualTo(1);
    assertThat(far.said())
        .contains("nothing was touched", "8.0 lies between them")
        .contains("mysql_native_password", "'app'@'10.99.38.10'");
    Outcome back = cluster.run("upgrade", "--to", "5.7.17", "--yes");
    assertThat(back.code()).as(back.said()).isEqualTo(1);
    assertThat(back.said()).contains("5.7.17 can't take over the data of 5.7.22");
    assertThat(Files.readString(cluster.file())).contains(OLD);
    assertThat(versions()).containsOnly("5.7.22");
  }

  @Test
  @Order(2)
  void upChangesNoVersion() throws Exception {
    cluster.edit(OLD, NEW);
    for (String verb : List.of("plan", "up")) {
      Outcome refused = cluster.run(verb);
      assertThat(refused.code()).as(refused.said()).isEqualTo(1);
      assertThat(refused.said())
          .contains("db1 has MySQL 5.7.22", "db2 has MySQL 5.7.22", "clusterctl upgrade");
    }
    assertThat(cluster.run("status").said()).contains("clusterctl upgrade");
    cluster.edit(NEW, OLD);
    assertThat(versions()).containsOnly("5.7.22");
  }

  @Test
  @Order(3)
  void itGoesOnFromWhereverItWasKilledAndTheSourceIsTheLastOne() throws Exception {
    cluster.edit(
        OldServerPackages.name(Release.MYSQL_5_7_22), OldServerPackages.name(Release.MYSQL_8_0_12));
    Outcome plan = cluster.good("upgrade", "--to", "8.0.12", "--dry-run");
    assertThat(plan.event("upgrade").get("plan"))
        .asList()
        .satisfiesExactly(
            first -> assertThat(first.toString()).startsWith("db2: "),
            second ->
                assertThat(second.toString())
                    .startsWith("db1: ")
                    .endsWith("once another node takes the writes"));
    assertThat(Files.readString(cluster.file())).contains(OLD);

    killedAt("db2/upgraded.*installing MySQL");
    assertThat(Files.readString(cluster.file())).contains(NEW);
    Outcome up = cluster.run("up");
    assertThat(up.code()).as(up.said()).isEqualTo(1);
    assertThat(up.said()).contains("db2 is half-way from MySQL 5.7.22", "clusterctl upgrade");
    awaitWrites();

    killedAt("db1 refuses writes");
    Outcome upgraded = cluster.run("--output=json", "--yes", "upgrade");
    assertThat(upgraded.code()).as(upgraded.said()).isZero();
    awaitWrites();
  }

  @Test
  @Order(4)
  void everythingThatWasAcknowledgedIsOnEveryNodeAndNothingIsLeftToDo() throws Exception {
    writer.close();
    assertThat(writer.acknowledged()).hasSizeGreaterThan(100);
    assertThat(versions()).containsOnly("8.0.12");
    for (String node : List.of("db1", "db2")) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          query(node, "SELECT id FROM app.steady")
                              .lines()
                              .map(Integer::valueOf)
                              .collect(Collectors.toSet()))
                      .as("rows on %s", node)
                      .containsAll(writer.acknowledged()));
      assertThat(
              machine(node).bash("find /run/systemd/system /var/lib/clusterctl -name '*upgrad*'"))
          .isEmpty();
    }
    assertThat(cluster.nodes(cluster.good("status")))
        .extracting(n -> n.get("role"))
        .containsExactlyInAnyOrder("source", "replica");
    assertThat(Files.readString(cluster.file()))
        .isEqualTo(
            yaml()
                .replace(OLD, NEW)
                .replace(
                    OldServerPackages.name(Release.MYSQL_5_7_22),
                    OldServerPackages.name(Release.MYSQL_8_0_12)));
    assertThat(cluster.good("up").steps("changed")).isEmpty();
    Outcome again = cluster.good("upgrade", "--to", "8.0.12");
    assertThat(again.steps("changed")).isEmpty();
  }

  /** Runs an upgrade as a process of its own, and kills it once it says something. */
  private void killedAt(String moment) throws Exception {
    Path out = directory.resolve("killed.out");
    Process upgrade =
        new ProcessBuilder(cluster.program("--debug", "--yes", "upgrade", "--to", "8.0.12"))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(PATIENCE)
        .until(
            () ->
                !upgrade.isAlive()
                    || Files.readString(out)
                        .lines()
                        .anyMatch(l -> l.matches(".*" + moment + ".*")));
    assertThat(upgrade.isAlive()).as(Files.readString(out)).isTrue();
    upgrade.destroyForcibly().waitFor();
  }

  private void awaitWrites() {
    int before = writer.acknowledged().size();
    await().atMost(PATIENCE).until(() -> writer.acknowledged().size() > before);
  }

  private List<String> versions() throws Exception {
    List<String> versions = new ArrayList<>();
    for (String node : List.of("db1", "db2")) {
      versions.add(query(node, "SELECT @@version").replace("-log", ""));
    }
    return versions;
  }

  private String query(String node, String sql) throws Exception {
    return machine(node).bash("mysql --no-defaults -uroot -BNe '%s'".formatted(sql));
  }

  private SshMachine machine(String name) {
    SshMachine machine = machines.get(name);
    if (machine == null) {
      throw new IllegalArgumentException(name);
    }
    return machine;
  }

  private String password() {
    List<?> databases =
        (List<?>) cluster.good("connection", "--show-secrets").event("connection").get("databases");
    return String.valueOf(((Map<?, ?>) databases.get(0)).get("password"));
  }
}
