package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** clusterctl itself is killed, or told to stop, in the middle of its work. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class InterruptionStoryTest {
  private static final List<String> NODES = List.of("db1", "db2", "db3");
  private static final int KILLS = 5;

  /** The longest that a run may go on before it is killed: within it most of the work is done. */
  private static final int LONGEST_MILLIS = 12_000;

  @TempDir static Path directory;

  private Playground cluster;

  @BeforeAll
  void writeTheFile() throws IOException {
    cluster =
        new Playground(
            directory,
            "e2e-interrupted",
            """
            name: e2e-interrupted
            machines: {provider: docker, os: debian-sid, memory: 512}
            mysql: {version: 9.7, packages: distro}
            replication: {type: group, mode: multi-primary}
            nodes:
              - {name: db1, address: 10.99.25.11}
              - {name: db2, address: 10.99.25.12}
              - {name: db3, address: 10.99.25.13}
            proxy: {type: mysql-router, name: proxy, address: 10.99.25.10, memory: 256}
            databases: [{name: app, user: app}]
            """);
  }

  @AfterAll
  void leaveNothing() throws Exception {
    cluster.close();
  }

  @Test
  @Order(1)
  void whateverMomentUpIsKilledAtTheNextOneGoesOn() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    StringBuilder story = new StringBuilder("seed " + seed);
    for (int i = 1; i <= KILLS; i++) {
      int millis = 1_000 + random.nextInt(LONGEST_MILLIS - 1_000);
      Path out = directory.resolve("up-" + i + ".out");
      Process up = start(out, "up");
      boolean finished = up.waitFor(millis, TimeUnit.MILLISECONDS);
      up.destroyForcibly().waitFor();
      story
          .append(finished ? "\nfinished within " : "\nkilled after ")
          .append(millis)
          .append(" ms");
      story.append('\n').append(Files.readString(out));
    }
    Outcome last = cluster.run("up");
    assertThat(last.code()).as("%s\n%s", story, last.said()).isZero();
    assertHealthy();
    assertThat(cluster.good("up").steps("changed")).as("%s", story).isEmpty();
    // One group: all three see the same members.
    Set<String> views = new HashSet<>();
    for (String node : NODES) {
      views.add(
          cluster.query(
              node,
              "SELECT GROUP_CONCAT(MEMBER_ID ORDER BY MEMBER_ID)"
                  + " FROM performance_schema.replication_group_members"));
    }
    assertThat(views).hasSize(1);
  }

  @Test
  @Order(2)
  void aFailoverTestThatIsInterruptedLeavesTheClusterAsItWas() throws Exception {
    Path out = directory.resolve("failover.out");
    Process test =
        start(
            out,
            "failover-test",
            "db2",
            "--how=freeze",
            "--down-for=60s",
            "--writers=2",
            "--rate=25");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(state("db2")).startsWith("T"));
    assertThat(Host.run("kill", "-INT", String.valueOf(test.pid())).code()).isZero();

    assertThat(test.waitFor(150, TimeUnit.SECONDS)).as(Files.readString(out)).isTrue();
    assertThat(test.exitValue()).as(Files.readString(out)).isEqualTo(130);
    assertThat(state("db2")).doesNotStartWith("T");
    assertHealthy();
    for (String node : NODES) {
      assertThat(cluster.query(node, "SHOW DATABASES LIKE '%failover%'")).isEmpty();
      assertThat(cluster.query(node, "SHOW TABLES IN app LIKE '%failover%'")).isEmpty();
    }
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  private Process start(Path out, String... args) throws IOException {
    return new ProcessBuilder(cluster.program(args))
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  /** What the kernel says that a node's server does: S: sleeps, T: is stopped. */
  private String state(String node) throws Exception {
    return cluster.inside(node, "ps -o stat= -p $(systemctl show -p MainPID --value mysql)");
  }

  private void assertHealthy() {
    Outcome status = cluster.good("status");
    assertThat(status.event("status")).containsEntry("healthy", true);
    assertThat(cluster.nodes(status)).hasSize(3).allMatch(n -> "ONLINE".equals(n.get("state")));
  }
}
