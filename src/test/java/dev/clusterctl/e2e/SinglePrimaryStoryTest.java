package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.clusterctl.machine.TestMachines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One primary, no proxy, and the user's own image: the group elects another primary by itself. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class SinglePrimaryStoryTest {
  @TempDir static Path directory;

  private Playground cluster;

  @BeforeAll
  void bringItUp() throws Exception {
    String image = TestMachines.image(directory.resolve("image"));
    cluster =
        new Playground(
            directory,
            "e2e-single",
            """
            name: e2e-single
            machines: {provider: docker, os: debian-sid, image: "%s", memory: 512}
            mysql: {version: 9.7, packages: preinstalled}
            replication: {type: group, mode: single-primary}
            nodes:
              - {name: db1, address: 10.99.21.11}
              - {name: db2, address: 10.99.21.12}
              - {name: db3, address: 10.99.21.13}
            databases: [{name: app, user: app}]
            """
                .formatted(image));
    cluster.good("up");
  }

  @AfterAll
  void leaveNothing() throws Exception {
    cluster.close();
  }

  @Test
  @Order(1)
  void onlyThePrimaryTakesWrites() {
    List<Map<String, Object>> nodes = healthyNodes();
    assertThat(nodes)
        .allSatisfy(
            node -> assertThat(node.get("writable")).isEqualTo("primary".equals(node.get("role"))));
    assertThat(nodes).filteredOn(node -> "primary".equals(node.get("role"))).hasSize(1);
    assertThat(nodes).filteredOn(node -> "secondary".equals(node.get("role"))).hasSize(2);
    assertThat(cluster.run("status").out()).contains("single-primary").contains("secondary");
  }

  @Test
  @Order(2)
  void whenThePrimaryIsKilledTheGroupElectsAnotherAndNothingIsLost() throws Exception {
    String before = primary();
    Path json = directory.resolve("kill.json");
    Outcome test =
        cluster.run(
            "failover-test",
            before,
            "--how=kill",
            "--down-for=5s",
            "--writers=2",
            "--rate=25",
            "--json=" + json);
    assertThat(test.code()).as(test.said()).isZero();
    Map<String, Object> report = JSON.std.mapFrom(Files.readString(json));
    assertThat(((Map<?, ?>) report.get("data")).get("lost")).isEqualTo(0);
    assertThat(primary()).isNotEqualTo(before);
    assertThat(healthyNodes()).hasSize(3);
  }

  @Test
  @Order(3)
  void theOldPrimaryIsASecondaryAndUpHasNothingToDo() {
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(4)
  void thePrimaryIsChangedByPlan() {
    String before = primary();
    String next = before.equals("db1") ? "db2" : "db1";
    Map<String, Object> change = cluster.good("switchover", next).event("switchover");
    assertThat(change).containsEntry("source", next).containsEntry("before", before);
    assertThat(primary()).isEqualTo(next);
    assertThat(cluster.good("switchover", next).event("switchover"))
        .containsEntry("changed", false);
  }

  private String primary() {
    return healthyNodes().stream()
        .filter(node -> "primary".equals(node.get("role")))
        .map(node -> String.valueOf(node.get("name")))
        .findFirst()
        .orElseThrow();
  }

  private List<Map<String, Object>> healthyNodes() {
    Outcome status = cluster.good("status");
    assertThat(status.event("status")).containsEntry("healthy", true);
    return cluster.nodes(status);
  }
}
