package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.machine.TestMachines;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import org.testcontainers.lifecycle.Startables;

/**
 * The same on machines that clusterctl didn't make, where MySQL is installed already. Their data
 * directories are copies of one, as on virtual machines that were cloned. One is reached as root,
 * the others as a user with sudo.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class SshProviderStoryTest {
  private static final List<String> NODES = List.of("db1", "db2", "db3");

  @TempDir static Path directory;

  private final Map<String, SshMachine> machines = new LinkedHashMap<>();
  private Network network;
  private Playground cluster;

  @BeforeAll
  void startMachines() throws Exception {
    String image = TestMachines.image(directory.resolve("image"));
    network = SshMachines.network("10.99.22.0/24");
    Map<String, String> hosts =
        Map.of(
            "db1",
            "10.99.22.11",
            "db2",
            "10.99.22.12",
            "db3",
            "10.99.22.13",
            "proxy",
            "10.99.22.10");
    Path key = SshMachine.newKey(directory.resolve("id_test"));
    for (String name : List.of("db1", "db2", "db3", "proxy")) {
      machines.put(name, new SshMachine(image, network, name, key, hosts, directory));
    }
    Startables.deepStart(machines.values()).join();
    for (String name : List.of("db2", "db3", "proxy")) {
      machines.get(name).withOperator();
    }
    cloneDataDirectories();
    cluster = new Playground(directory, "e2e-ssh", yaml());
  }

  @AfterAll
  void removeMachines() {
    machines.values().forEach(SshMachine::stop);
    if (network != null) {
      network.close();
    }
  }

  private void cloneDataDirectories() throws Exception {
    SshMachine original = machines.get("db1");
    original.bash(
        """
        set -e
        install -d -m 0750 -o mysql -g adm /var/log/mysql
        mysqld --no-defaults --user=mysql --datadir=/var/lib/mysql --initialize-insecure
        # Its server_uuid is made when it first runs.
        systemctl start mysql
        systemctl stop mysql
        tar -C /var/lib/mysql -c . | gzip -1 >/var/data.tar.gz
        """);
    for (String name : List.of("db2", "db3")) {
      Path data = directory.resolve("data.tar.gz");
      original.copyFileFromContainer("/var/data.tar.gz", data.toString());
      machines
          .get(name)
          .copyFileToContainer(
              org.testcontainers.utility.MountableFile.forHostPath(data), "/var/data.tar.gz");
      machines.get(name).bash("tar -C /var/lib/mysql -xzf /var/data.tar.gz");
    }
    assertThat(serverUuidFiles().values().stream().distinct()).hasSize(1);
  }

  private String yaml() {
    return SshMachines.yaml(
        "e2e-ssh",
        "{version: 9.7, packages: preinstalled}",
        machines.entrySet().stream()
            .map(
                m ->
                    new SshMachines.Entry(
                        m.getKey(),
                        m.getValue().address(),
                        m.getKey().equals("db1") ? "root" : "deploy",
                        "id_test",
                        m.getValue().hostKey()))
            .toList());
  }

  @Test
  @Order(1)
  void upMakesAClusterOfThem() {
    Outcome up = cluster.good("up");
    assertThat(up.steps("changed")).contains("db1/identity", "db2/identity", "db3/member");
    assertHealthy();
  }

  @Test
  @Order(2)
  void clonesHaveServerUuidsOfTheirOwn() throws Exception {
    assertThat(serverUuidFiles().values()).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  @Order(3)
  void theSecondUpChangesNothing() {
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(4)
  void aStoppedServerIsRepaired() throws Exception {
    machines.get("db3").bash("systemctl stop mysql");
    assertThat(cluster.good("up").steps("changed"))
        .contains("db3/server")
        .allMatch(step -> step.startsWith("db3/"));
    assertHealthy();
  }

  @Test
  @Order(5)
  void sshAndSqlWorkThroughSudo() throws Exception {
    Outcome ssh = cluster.process("ssh", "db2", "--", "sh", "-c", "id -un; exit 9");
    assertThat(ssh).isEqualTo(new Outcome(9, "root\n", ""));
    assertThat(cluster.process("sql", "db2", "-e", "SELECT CURRENT_USER()").out())
        .contains("root@localhost");
  }

  @Test
  @Order(6)
  void aKilledNodeComesBackAndNothingIsLost() {
    Outcome test =
        cluster.run(
            "failover-test", "db2", "--how=kill", "--down-for=5s", "--writers=2", "--rate=25");
    assertThat(test.code()).as(test.said()).isZero();
    assertHealthy();
  }

  @Test
  @Order(7)
  void downDoesNotTakeAwayWhatItDidNotMake() {
    Outcome down = cluster.run("down", "--yes");
    assertThat(down.code()).isEqualTo(2);
    assertThat(down.err()).contains("these machines exist without clusterctl");
    assertHealthy();
  }

  private void assertHealthy() {
    Outcome status = cluster.good("status");
    assertThat(status.event("status")).containsEntry("healthy", true);
    assertThat(cluster.nodes(status)).hasSize(3).allMatch(n -> "ONLINE".equals(n.get("state")));
  }

  private Map<String, String> serverUuidFiles() throws Exception {
    Map<String, String> result = new TreeMap<>();
    for (String name : NODES) {
      result.put(name, machines.get(name).bash("cat /var/lib/mysql/auto.cnf"));
    }
    return result;
  }
}
