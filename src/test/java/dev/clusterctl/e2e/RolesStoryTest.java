package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
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

/**
 * A source with two replicas behind MySQL Router, and an application that writes all the while: the
 * roles change by plan, in spite of kills, and because the source is gone. What the application was
 * told is committed is on every node in the end.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class RolesStoryTest {
  private static final List<String> NODES = List.of("db1", "db2", "db3");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path directory;

  private Playground cluster;
  private SteadyWriter writer;

  /** Those that haven't been taken out. */
  private final List<String> remaining = new ArrayList<>(NODES);

  @BeforeAll
  void bringItUp() throws Exception {
    cluster =
        new Playground(
            directory,
            "e2e-roles",
            """
            name: e2e-roles
            machines: {provider: docker, os: debian-sid, memory: 512}
            mysql: {version: 9.7, packages: distro}
            replication: {type: source-replica, source: db1, semi-sync: true}
            nodes:
              - {name: db1, address: 10.99.35.11}
              - {name: db2, address: 10.99.35.12}
              - {name: db3, address: 10.99.35.13}
            proxy: {type: mysql-router, name: proxy, address: 10.99.35.10, memory: 256}
            databases: [{name: app, user: app}]
            """);
    cluster.good("up");
    writer = cluster.writer("10.99.35.10:6446");
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
  void rolesChangeByPlanAndBackAgainUnderLoad() throws Exception {
    Outcome there = cluster.good("switchover", "db2");
    assertThat(there.event("switchover"))
        .containsEntry("source", "db2")
        .containsEntry("before", "db1")
        .containsEntry("open", List.of());
    assertThat(source()).isEqualTo("db2");

    Outcome back = cluster.good("switchover", "db1", "--under-load");
    Map<?, ?> felt = (Map<?, ?>) back.event("switchover").get("under-load");
    assertThat(felt.get("verdict")).as(back.said()).isEqualTo("passed");
    assertThat(source()).isEqualTo("db1");
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(2)
  void aDryRunChangesNothingAndTheSourceIsNotReplacedWhileItLives() throws Exception {
    assertThat(cluster.good("switchover", "db3", "--dry-run").event("switchover"))
        .containsEntry("dry-run", true);
    Outcome refused = cluster.run("failover", "--yes");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.said()).contains("the source isn't gone", "db1 takes writes");
    assertThat(source()).isEqualTo("db1");
  }

  @Test
  @Order(3)
  void serversAreRestartedOneAtATimeAndTheSourceIsTheSameAfterwards() throws Exception {
    String before = source();
    Map<String, String> processes = processes();
    cluster.good("restart", "--rolling");
    assertThat(processes().values()).doesNotContainAnyElementsOf(processes.values());
    assertThat(source()).isEqualTo(before).isEqualTo("db1");
    awaitWrites();
  }

  @Test
  @Order(4)
  void whateverMomentASwitchoverIsKilledUpPutsItRight() throws Exception {
    Random random = new Random();
    for (String moment : List.of("refuses writes", "has all that", "takes writes", "")) {
      String target = source().equals("db2") ? "db3" : "db2";
      Path out = directory.resolve("killed.out");
      Process change =
          new ProcessBuilder(cluster.program("switchover", target))
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      if (moment.isEmpty()) {
        change.waitFor(1_000 + random.nextInt(1_500), TimeUnit.MILLISECONDS);
      } else {
        await()
            .pollInterval(Duration.ofMillis(2))
            .atMost(PATIENCE)
            .until(() -> !change.isAlive() || Files.readString(out).contains(moment));
      }
      change.destroyForcibly().waitFor();
      String story = "killed at '%s':%n%s".formatted(moment, Files.readString(out));
      Outcome up = cluster.run("up");
      assertThat(up.code()).as("%s%n%s", story, up.said()).isZero();
      Outcome status = cluster.run("status");
      assertThat(status.code()).as("%s%n%s", story, status.said()).isZero();
      awaitWrites();
    }
  }

  @Test
  @Order(5)
  void aSourceThatIsGoneIsReplacedAndFencedWhenItComesBack() throws Exception {
    String old = source();
    Host.docker("kill", cluster.container(old));
    Outcome failover = cluster.run("--output=json", "failover", "--yes");
    assertThat(failover.code()).as(failover.said()).isZero();
    assertThat(failover.event("failover")).containsEntry("before", old);
    awaitWrites();

    Host.docker("start", cluster.container(old));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(cluster.run("status").said())
                    .contains(old + " was the source before", "clusterctl rejoin " + old));
    assertThat(cluster.query(old, "SELECT @@super_read_only")).isEqualTo("1");

    cluster.query(
        old,
        "SET GLOBAL super_read_only = OFF; CREATE TABLE app.errant (id INT PRIMARY KEY);"
            + " SET GLOBAL super_read_only = ON");
    Outcome refused = cluster.run("rejoin", old);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.said()).contains("has transactions that", "--reseed");
    assertThat(cluster.query(old, "SHOW TABLES FROM app LIKE 'errant'")).isEqualTo("errant");

    cluster.good("rejoin", old, "--reseed", "--yes");
    assertThat(cluster.query(old, "SHOW TABLES FROM app LIKE 'errant'")).isEmpty();
    assertThat(source()).isNotEqualTo(old);
    assertThat(cluster.run("up").code()).isZero();
  }

  @Test
  @Order(6)
  void twoSourcesAreNamedWithWhatEachHasAndOneIsMadeAReplica() throws Exception {
    String right = source();
    String wrong = right.equals("db3") ? "db2" : "db3";
    cluster.query(
        wrong,
        "STOP REPLICA; RESET REPLICA ALL; SET GLOBAL super_read_only = OFF;"
            + " SET GLOBAL read_only = OFF");
    Outcome status = cluster.run("status");
    assertThat(status.code()).isEqualTo(3);
    assertThat(status.said()).contains("there are two sources", right + " has what " + wrong);
    cluster.good("rejoin", wrong);
    assertThat(source()).isEqualTo(right);
  }

  @Test
  @Order(7)
  void aSourceThatIsTakenOutOfTheFileGivesWayToAnotherNodeFirst() throws Exception {
    String old = source();
    String next = old.equals("db1") ? "db2" : "db1";
    cluster.edit("source: db1", "source: " + next);
    cluster.edit(
        "  - {name: %s, address: 10.99.35.1%s}\n".formatted(old, old.substring("db".length())), "");
    Outcome refused = cluster.run("up");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.said()).contains(old + " (10.99.35.1", "clusterctl up --yes");
    awaitWrites();

    cluster.good("up", "--yes");
    remaining.remove(old);
    assertThat(source()).isEqualTo(next);
    assertThat(cluster.leftovers()).doesNotContain(cluster.container(old));
    assertThat(cluster.good("up").steps("changed")).isEmpty();
    awaitWrites();
  }

  @Test
  @Order(8)
  void everythingThatWasAcknowledgedIsOnEveryNode() throws Exception {
    awaitWrites();
    writer.close();
    assertThat(writer.acknowledged()).hasSizeGreaterThan(100);
    for (String node : remaining) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          cluster
                              .query(node, "SELECT id FROM app.steady")
                              .lines()
                              .map(Integer::valueOf)
                              .collect(Collectors.toSet()))
                      .as("rows on %s", node)
                      .containsAll(writer.acknowledged()));
    }
  }

  /** Which process each server is, by node: another one after each start. */
  private Map<String, String> processes() throws Exception {
    Map<String, String> result = new TreeMap<>();
    for (String node : NODES) {
      result.put(node, cluster.inside(node, "systemctl show -p InvocationID mysql"));
    }
    return result;
  }

  private void awaitWrites() {
    int before = writer.acknowledged().size();
    await().atMost(PATIENCE).until(() -> writer.acknowledged().size() > before);
  }

  /** The one source of a healthy cluster. */
  private String source() {
    Outcome status = cluster.good("status");
    List<String> sources =
        cluster.nodes(status).stream()
            .filter(node -> "source".equals(node.get("role")))
            .map(node -> String.valueOf(node.get("name")))
            .toList();
    assertThat(sources).as(status.said()).hasSize(1);
    return sources.get(0);
  }
}
