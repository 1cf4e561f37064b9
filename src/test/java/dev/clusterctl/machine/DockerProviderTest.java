package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.clusterctl.machine.Topologies.Wish;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.SshRemote;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Makes real containers, in networks 10.99.3.0/24 and 10.99.4.0/24. */
@Tag("integration")
class DockerProviderTest {
  private static final NodeName DB1 = new NodeName("db1");
  private static final NodeName DB2 = new NodeName("db2");

  @TempDir Path directory;

  private final DockerCli docker = new DockerCli();
  private final List<DockerProvider> used = new ArrayList<>();

  private DockerProvider provider(Topology topology) {
    DockerProvider provider = new DockerProvider(topology, topology.stateDirectory());
    used.add(provider);
    return provider;
  }

  private Wish wish() {
    return Wish.docker(directory, "machinetest", "10.99.3");
  }

  @AfterEach
  void removeEverything() throws Exception {
    for (DockerProvider provider : used) {
      StepRunner.run(provider.removal());
    }
  }

  @Test
  void machinesAreMadeAndReachedAndTheSecondRunChangesNothing() throws Exception {
    Topology topology = wish().nodes(3).topology();
    DockerProvider provider = provider(topology);
    assertThat(provider.survey()).containsEntry(DB1, MachineProvider.State.ABSENT);

    long start = System.nanoTime();
    List<String> changes = StepRunner.run(provider.creation());
    System.out.printf("made in %d ms%n", Duration.ofNanos(System.nanoTime() - start).toMillis());
    assertThat(changes).anyMatch(change -> change.startsWith("db1/machine: make the container"));

    long again = System.nanoTime();
    DockerProvider second = provider(topology);
    assertThat(StepRunner.run(second.creation())).isEmpty();
    System.out.printf(
        "nothing to do in %d ms%n", Duration.ofNanos(System.nanoTime() - again).toMillis());

    assertThat(second.survey()).containsEntry(DB1, MachineProvider.State.RUNNING);
    assertThat(second.endpoint(DB1).hostKeys()).isNotEqualTo(second.endpoint(DB2).hostKeys());
    try (Remote db1 = new SshRemote(second.endpoint(DB1))) {
      assertThat(db1.check(Command.shell("", "hostname")).strip()).isEqualTo("db1");
      assertThat(db1.check(Command.shell("", "getent hosts db2"))).contains("10.99.3.12");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(db1.run(Command.shell("", "systemctl is-system-running")).out())
                      .isEqualTo("running\n"));
      assertThat(db1.run(Command.shell("", "systemctl is-enabled mysql")).out().strip())
          .isEqualTo("disabled");
      assertThat(db1.check(Command.shell("", "ls -A /var/lib/mysql"))).isEmpty();
      assertThat(db1.check(Command.shell("", "cat /etc/machine-id"))).hasSize(33);
      assertThat(db1.check(Command.shell("", "ls /etc/ssh/ssh_host_*_key")).lines())
          .containsExactly("/etc/ssh/ssh_host_ed25519_key");
    }

    assertThat(StepRunner.run(second.removal()))
        .anyMatch(change -> change.contains("clusterctl-machinetest-db1"))
        .anyMatch(change -> change.contains("remove the network"));
    assertThat(StepRunner.run(provider(topology).removal())).isEmpty();
  }

  @Test
  void whatWasStoppedPausedOrNeverStartedComesBackAndKeepsItsHostKey() throws Exception {
    DockerProvider provider = provider(wish().nodes(2).topology());
    StepRunner.run(provider.creation());
    List<String> before = provider.endpoint(DB1).hostKeys();
    docker("stop", "--time=1", "clusterctl-machinetest-db1");
    docker("pause", "clusterctl-machinetest-db2");
    provider.containers().changed();
    assertThat(provider.survey()).containsEntry(DB1, MachineProvider.State.STOPPED);

    assertThat(StepRunner.run(provider.creation()))
        .containsExactlyInAnyOrder(
            "db1/machine: start it: it is exited", "db2/machine: resume it: it is paused");

    assertThat(provider.endpoint(DB1).hostKeys()).isEqualTo(before);
    try (Remote db1 = provider.remote(DB1)) {
      assertThat(db1.check(Command.words("", "hostname"))).isEqualTo("db1\n");
    }
  }

  @Test
  void whatWasKilledBetweenMakingAndStartingIsMadeAgain() throws Exception {
    Topology topology = wish().nodes(1).topology();
    DockerProvider provider = provider(topology);
    StepRunner.run(provider.creation());
    docker("rm", "--force", "--volumes", "clusterctl-machinetest-db1");
    docker(
        "create",
        "--name=clusterctl-machinetest-db1",
        "--network=clusterctl-machinetest",
        "--ip=10.99.3.11",
        "--memory=256m",
        "--label=" + Labels.CLUSTER + "=machinetest",
        "--label=" + Labels.FILE + "=" + topology.file(),
        "--label=" + Labels.OS + "=debian-sid",
        provider.image(),
        "/sbin/init");
    provider.containers().changed();
    assertThat(StepRunner.run(provider.creation()))
        .contains("db1/machine: make it again: it was never started");
    try (Remote db1 = provider.remote(DB1)) {
      assertThat(db1.check(Command.words("", "hostname"))).isEqualTo("db1\n");
    }
  }

  @Test
  void memoryIsChangedInPlaceButAnAddressIsNot() throws Exception {
    DockerProvider provider = provider(wish().nodes(1).topology());
    StepRunner.run(provider.creation());
    DockerProvider bigger = provider(wish().nodes(1).memory(300).topology());
    assertThat(StepRunner.run(bigger.creation()))
        .contains("db1/machine: memory: 300 MB instead of 256 MB");
    assertThat(StepRunner.run(bigger.creation())).isEmpty();

    DockerProvider elsewhere = provider(wish().nodes(1).network("10.99.4").topology());
    assertThatThrownBy(() -> StepRunner.run(elsewhere.creation()))
        .isInstanceOf(MachineException.class)
        .hasMessageContaining("10.99.3.0/24")
        .hasMessageContaining("10.99.4.0/24");
  }

  @Test
  void aNetworkThatOverlapsIsNamedBeforehand() throws Exception {
    DockerProvider first = provider(wish().nodes(1).topology());
    StepRunner.run(first.creation().subList(0, 3));
    DockerProvider second =
        provider(Wish.docker(directory, "machinetest-b", "10.99.3").nodes(1).topology());
    assertThatThrownBy(() -> StepRunner.run(second.creation().subList(0, 3)))
        .isInstanceOf(MachineException.class)
        .hasMessageContaining("10.99.3.0/24 overlaps with Docker's network clusterctl-machinetest")
        .hasMessageContaining("the cluster machinetest of " + directory);
  }

  @Test
  void aContainerOfSomebodyElseIsNeitherUsedNorRemoved() throws Exception {
    DockerProvider provider = provider(wish().nodes(1).topology());
    StepRunner.run(provider.creation().subList(0, 3));
    docker("create", "--name=clusterctl-machinetest-db1", provider.image(), "/sbin/init");
    try {
      assertThatThrownBy(() -> StepRunner.run(provider.creation()))
          .isInstanceOf(MachineException.class)
          .hasMessageContaining("belongs to something that clusterctl didn't make");
      StepRunner.run(provider.removal());
      docker("container", "inspect", "clusterctl-machinetest-db1");
    } finally {
      docker("rm", "--force", "--volumes", "clusterctl-machinetest-db1");
    }
  }

  @Test
  void aMachineThatLeftTheFileIsRemovedWithTheOthersAndVolumesToo() throws Exception {
    DockerProvider wide = provider(wish().nodes(2).topology());
    StepRunner.run(wide.creation());
    String volume =
        docker(
                "container",
                "inspect",
                "--format={{(index .Mounts 0).Name}}{{(index .Mounts 1).Name}}",
                "clusterctl-machinetest-db2")
            .strip();
    DockerProvider narrow = provider(wish().nodes(1).topology());
    assertThat(StepRunner.run(narrow.removal()))
        .anyMatch(change -> change.contains("cluster/strays-removed"));
    assertThat(wide.docker().run(DockerCli.SHORT, List.of("volume", "inspect", volume)).ok())
        .isFalse();
    assertThat(StepRunner.run(wide.removal())).isEmpty();
  }

  @Test
  void aLostKeyPairIsReplacedOnRunningMachines() throws Exception {
    Topology topology = wish().nodes(1).topology();
    StepRunner.run(provider(topology).creation());
    java.nio.file.Files.delete(topology.stateDirectory().resolve("ssh/id_ed25519"));
    DockerProvider again = provider(topology);
    assertThat(StepRunner.run(again.creation()))
        .contains("db1/machine: let the cluster's SSH key in");
    try (Remote db1 = again.remote(DB1)) {
      assertThat(db1.check(Command.words("", "hostname"))).isEqualTo("db1\n");
    }
    assertThat(StepRunner.run(provider(topology).creation())).isEmpty();
  }

  private String docker(String... words) throws Exception {
    return docker.check("do what the test needs", DockerCli.SHORT, List.of(words));
  }
}
