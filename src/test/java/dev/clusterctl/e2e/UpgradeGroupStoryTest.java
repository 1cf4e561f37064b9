package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.clusterctl.machine.TestMachines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;

/**
 * An InnoDB Cluster behind MySQL Router gets another version while an application writes. There is
 * only one MySQL with Group Replication here; the other version is a copy of it that calls itself
 * by another number. So all that clusterctl does is real; what MySQL does between versions isn't.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpgradeGroupStoryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> NODES = List.of("db1", "db2", "db3");
  private static final Map<String, String> HOSTS =
      Map.of(
          "db1", "10.99.39.11",
          "db2", "10.99.39.12",
          "db3", "10.99.39.13",
          "proxy", "10.99.39.10");

  // Numbers of the same length: the program's other contents stay where they are.
  private static final String MAKE_PACKAGES =
      """
      set -e
      is=$(mysqld --no-defaults --version | sed -nE 's/.*Ver ([0-9.]+).*/\\1/p')
      other=${is%?}$(( (${is: -1} + 1) % 10 ))
      for version in $is $other; do
        make=/var/make/$version
        mkdir -p $make/DEBIAN $make/usr/sbin
        sed "s/${is//./\\\\.}/$version/g" /usr/sbin/mysqld >$make/usr/sbin/mysqld
        chmod 755 $make/usr/sbin/mysqld
        printf '%s\\n' 'Package: test-server' "Version: $version-1" 'Architecture: amd64' \\
          "Replaces: $(dpkg -S /usr/sbin/mysqld | cut -d: -f1)" 'Maintainer: test <test@localhost>' \\
          'Description: test' >$make/DEBIAN/control
        dpkg-deb -Znone --root-owner-group -b $make /var/make/test-server_$version.deb >&2
      done
      echo $is $other
      """;

  @TempDir static Path directory;

  private final Map<String, SshMachine> machines = new LinkedHashMap<>();
  private Network network;
  private Playground cluster;
  private String before = "";
  private String after = "";

  @BeforeAll
  void bringItUp() throws Exception {
    String image = TestMachines.image(directory.resolve("image"));
    network = SshMachines.network("10.99.39.0/24");
    Path key = SshMachine.newKey(directory.resolve("id_test"));
    for (String name : List.of("db1", "db2", "db3", "proxy")) {
      SshMachine machine = new SshMachine(image, network, name, key, HOSTS, directory);
      machine.start();
      machines.put(name, machine);
    }
    String[] versions = machine("db1").bash(MAKE_PACKAGES).split(" ", 2);
    before = versions[0];
    after = versions[1];
    Files.createDirectories(directory.resolve("debs"));
    for (String version : versions) {
      machine("db1")
          .copyFileFromContainer(
              "/var/make/" + deb(version), directory.resolve("debs/" + deb(version)).toString());
    }
    for (String node : NODES) {
      machine(node).bash("rm -rf /usr/sbin/mysqld /var/make");
    }
    cluster = new Playground(directory, "e2e-upgrade-group", yaml());
    cluster.good("up");
  }

  @AfterAll
  void removeMachines() {
    machines.values().forEach(SshMachine::stop);
    network.close();
  }

  private String yaml() {
    return SshMachines.yaml(
                "e2e-upgrade-group",
                "{version: %s, packages: {debs: [{url: 'https://localhost/%s'}]}}"
                    .formatted(before, deb(before)),
                machines.values().stream()
                    .map(
                        m ->
                            new SshMachines.Entry(
                                m.name(), m.address(), "root", "id_test", m.hostKey()))
                    .toList())
            .replace("{type: mysql-router,", "{type: mysql-router, packages: distro,")
            .replace("{type: group, mode: multi-primary}", "{type: innodb-cluster}")
        + "downloads: {directory: debs}\n";
  }

  private static String deb(String version) {
    return "test-server_%s.deb".formatted(version);
  }

  @Test
  void eachMemberLeavesAndComesBackWithTheOtherVersionAndNothingIsLost() throws Exception {
    cluster.edit(deb(before), deb(after));
    SteadyWriter writer = cluster.writer(HOSTS.get("proxy") + ":6446");
    try (writer) {
      Outcome upgraded = cluster.good("--yes", "upgrade", "--to", after);
      assertThat(upgraded.steps("changed"))
          .contains("db1/upgraded", "db2/upgraded", "db3/upgraded");
      int soFar = writer.acknowledged().size();
      await().atMost(PATIENCE).until(() -> writer.acknowledged().size() > soFar);
    }
    List<Integer> written = writer.acknowledged();
    assertThat(written).hasSizeGreaterThan(100);

    Outcome status = cluster.good("status");
    assertThat(cluster.nodes(status))
        .allMatch(n -> "ONLINE".equals(n.get("state")))
        .allMatch(n -> String.valueOf(n.get("version")).startsWith(after));
    for (String node : NODES) {
      assertThat(
              machine(node)
                  .bash("mysql --no-defaults -uroot -BNe 'SELECT id FROM app.steady'")
                  .lines()
                  .map(Integer::valueOf)
                  .collect(Collectors.toSet()))
          .as("rows on %s", node)
          .containsAll(written);
      assertThat(
              machine(node).bash("cat /etc/mysql/clusterctl.d/member.cnf; ls /var/lib/clusterctl"))
          .contains("start_on_boot")
          .doesNotContain("upgrading");
    }
    assertThat(cluster.good("status", "--via", "proxy").event("via"))
        .containsEntry("healthy", true);
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  private SshMachine machine(String name) {
    SshMachine machine = machines.get(name);
    if (machine == null) {
      throw new IllegalArgumentException(name);
    }
    return machine;
  }
}
