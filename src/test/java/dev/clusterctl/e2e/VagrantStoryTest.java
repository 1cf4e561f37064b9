package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A real Vagrant makes the machines, as containers; all the rest is as with other providers. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class VagrantStoryTest {
  private static final String NETWORK = "vagrant_network_10.99.30.0/24";

  @TempDir static Path directory;

  private Playground cluster;

  @BeforeAll
  void writeTheFile() throws Exception {
    assumeThat(vagrantIsThere())
        .as("Vagrant is on this host; scripts/test.sh installs it where Debian has it")
        .isTrue();
    cluster =
        new Playground(
            directory,
            "e2e-vagrant",
            """
            name: e2e-vagrant
            machines: {provider: vagrant, backend: docker, os: debian-sid, memory: 512}
            mysql: {version: 9.7, packages: distro}
            replication: {type: group, mode: multi-primary}
            nodes:
              - {name: db1, address: 10.99.30.11}
              - {name: db2, address: 10.99.30.12}
              - {name: db3, address: 10.99.30.13}
            proxy: {type: mysql-router, name: proxy, address: 10.99.30.10, memory: 256}
            databases: [{name: app, user: app}]
            """);
  }

  @AfterAll
  void leaveNothing() throws Exception {
    if (cluster != null) {
      cluster.close();
      Host.run("docker", "network", "rm", NETWORK);
    }
  }

  @Test
  @Order(1)
  void upThatIsKilledWhileVagrantMakesMachinesIsFinishedByTheNextOne() throws Exception {
    Process up =
        new ProcessBuilder(cluster.program("up"))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("up.out").toFile())
            .start();
    await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> !up.isAlive() || !cluster.leftovers().isEmpty());
    up.destroyForcibly().waitFor();

    Outcome second = cluster.good("up");
    assertThat(second.steps("failed")).isEmpty();
    assertHealthy();
  }

  @Test
  @Order(2)
  void upAgainChangesNothing() {
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(3)
  void machinesAreReachedAsVagrantSaysAndNoLongerWithTheKeyThatEverybodyHas() throws Exception {
    Outcome ssh = cluster.process("ssh", "db1", "--", "bash", "-c", "id -un; hostname");
    assertThat(ssh.out()).as(ssh.said()).isEqualTo("root\ndb1\n");
    assertThat(cluster.inside("db1", "cat /home/vagrant/.ssh/authorized_keys"))
        .isNotEmpty()
        .doesNotContain("insecure");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(vagrantDirectory())))
        .isEqualTo("rwx------");
  }

  @Test
  @Order(4)
  void aKilledNodeCostsNoAcknowledgedWrite() throws Exception {
    Path json = directory.resolve("kill.json");
    Outcome test =
        cluster.run(
            "failover-test",
            "db2",
            "--how=kill",
            "--down-for=5s",
            "--writers=2",
            "--rate=25",
            "--json=" + json);
    assertThat(test.code()).as(test.said()).isZero();
    assertThat(((Map<?, ?>) JSON.std.mapFrom(Files.readString(json)).get("data")).get("lost"))
        .isEqualTo(0);
  }

  @Test
  @Order(5)
  void aHaltedMachineIsStartedAgainAndAnotherGetsTheMemoryThatTheFileSaysNow() throws Exception {
    Outcome halt = vagrant("halt", "db3");
    assertThat(halt.code()).as(halt.said()).isZero();
    assertThat(cluster.run("status").said()).contains("db3: machine stopped");
    cluster.edit("memory: 256", "memory: 288");

    assertThat(cluster.good("up").steps("changed"))
        .contains("cluster/vagrantfile", "cluster/machines", "proxy/machine");
    assertHealthy();
    assertThat(
            Host.docker("inspect", "--format={{.HostConfig.Memory}}", cluster.container("proxy")))
        .isEqualTo(String.valueOf(288L * 1024 * 1024));
  }

  @Test
  @Order(6)
  void downLeavesNothingThoughVagrantsNotesAreDamaged() throws Exception {
    List<String> volumes = volumes();
    assertThat(volumes).isNotEmpty();
    Files.writeString(vagrantDirectory().resolve(".vagrant/machines/db2/docker/id"), "nonsense");

    Outcome down = cluster.good("down");

    assertThat(down.steps("changed")).containsExactly("cluster/machines-removed");
    assertThat(cluster.leftovers()).isEmpty();
    assertThat(Host.docker("network", "ls", "--format={{.Name}}").lines()).doesNotContain(NETWORK);
    assertThat(Host.docker("volume", "ls", "--quiet").lines()).doesNotContainAnyElementsOf(volumes);
    assertThat(vagrantDirectory()).doesNotExist();
    assertThat(cluster.good("down").steps("changed")).isEmpty();
  }

  private void assertHealthy() {
    Outcome status = cluster.good("status");
    assertThat(status.event("status")).containsEntry("healthy", true);
    assertThat(cluster.nodes(status)).hasSize(3).allMatch(n -> "ONLINE".equals(n.get("state")));
  }

  private Path vagrantDirectory() {
    return cluster.state().resolve("vagrant");
  }

  /** Runs Vagrant by hand, as a user might. */
  private Outcome vagrant(String... words) throws IOException, InterruptedException {
    return Host.run(
        Map.of("VAGRANT_CWD", vagrantDirectory().toString(), "VAGRANT_CHECKPOINT_DISABLE", "1"),
        Stream.concat(Stream.of("vagrant"), Arrays.stream(words)).toList());
  }

  /** The names of the volumes that this cluster's machines have their data on. */
  private List<String> volumes() throws IOException, InterruptedException {
    return Stream.of("db1", "db2", "db3", "proxy")
        .map(cluster::container)
        .flatMap(container -> mounts(container).lines())
        .filter(name -> !name.isBlank())
        .toList();
  }

  private static String mounts(String container) {
    try {
      return Host.docker(
          "inspect", "--format={{range .Mounts}}{{println .Name}}{{end}}", container);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean vagrantIsThere() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(part -> Files.isExecutable(Path.of(part, "vagrant")));
  }
}
