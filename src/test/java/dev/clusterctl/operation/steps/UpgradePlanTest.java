package dev.clusterctl.operation.steps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.StateDirectory;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpgradePlanTest {
  @TempDir Path directory;

  @Test
  void aGroupsMembersGoOneAfterTheOtherAndItsProtocolComesLast() throws Exception {
    Plan plan = plan("8.4.6", "{type: group, mode: single-primary}", "", "db2", "db3", "db1");
    assertThat(ids(plan))
        .containsExactly(
            "db2/new-packages",
            "db3/new-packages",
            "db1/new-packages",
            "db2/upgraded",
            "db3/upgraded",
            "db1/upgraded",
            "cluster/group-protocol");
    assertThat(step(plan, "db2/upgraded").needs())
        .containsExactlyInAnyOrder("db1/new-packages", "db2/new-packages", "db3/new-packages");
    assertThat(step(plan, "db3/upgraded").needs()).containsExactly("db2/upgraded");
    assertThat(step(plan, "db1/upgraded").needs()).containsExactly("db3/upgraded");
    assertThat(step(plan, "cluster/group-protocol").needs()).containsExactly("db1/upgraded");
  }

  @Test
  void aRouterComesBeforeTheFirstServer() throws Exception {
    Plan plan =
        plan(
            "8.4.6",
            "{type: source-replica}",
            "proxy: {type: mysql-router, address: 10.0.0.9, ssh: {user: root, identity-file: k}}\n",
            "db3",
            "db2",
            "db1");
    assertThat(ids(plan))
        .containsSubsequence(
            "proxy/new-packages",
            "cluster/source",
            "proxy/upgraded",
            "db3/upgraded",
            "db2/upgraded");
    assertThat(step(plan, "proxy/upgraded").needs())
        .contains("db1/new-packages", "proxy/new-packages", "cluster/source");
    assertThat(step(plan, "db3/upgraded").needs()).containsExactly("proxy/upgraded");
  }

  @Test
  void aProxySqlThatCanNotReadTheNewServersIsToldWhatElseToLookAtBefore() throws Exception {
    String proxy =
        "proxy: {type: proxysql, version: 2.7.1, packages: preinstalled, address: 10.0.0.9, ssh: {user: root, identity-file: k}}\n";
    Plan plan = plan("9.7.4", "{type: group, mode: single-primary}", proxy, "db2", "db3", "db1");
    assertThat(step(plan, "db2/upgraded").needs()).containsExactly("proxy/proxy-tables");
    // Of 8.4 its group monitor knows.
    assertThat(
            ids(plan("8.4.6", "{type: group, mode: single-primary}", proxy, "db2", "db3", "db1")))
        .doesNotContain("proxy/proxy-tables");
  }

  private Plan plan(String version, String replication, String proxy, String... order)
      throws Exception {
    Topology topology =
        TopologyReader.readText(
                """
                name: shop
                machines: {provider: ssh, os: debian-12, memory: 512}
                mysql: {version: %s, packages: preinstalled}
                replication: %s
                nodes:
                  - {name: db1, address: 10.0.0.1, ssh: {user: root, identity-file: k}}
                  - {name: db2, address: 10.0.0.2, ssh: {user: root, identity-file: k}}
                  - {name: db3, address: 10.0.0.3, ssh: {user: root, identity-file: k}}
                %s"""
                    .formatted(version, replication, proxy),
                directory.resolve("cluster.yaml"))
            .topology()
            .orElseThrow();
    try (Cluster cluster =
        new Cluster(topology, StateDirectory.open(topology.stateDirectory()), Map.of())) {
      return UpgradePlan.of(cluster, Stream.of(order).map(NodeName::new).toList());
    }
  }

  private static List<String> ids(Plan plan) {
    return plan.steps().stream().map(Step::id).toList();
  }

  private static Step step(Plan plan, String id) {
    return plan.steps().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }
}
