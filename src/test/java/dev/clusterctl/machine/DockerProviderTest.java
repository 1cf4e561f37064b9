package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.clusterctl.machine.Topologies.Wish;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.remote.SshRemote;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
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

    List<String> changes = StepRunner.run(provider.creation());
    assertThat(changes).anyMatch(change -> change.startsWith("db1/machine: make the container"));

    DockerProvider second = provider(topology);
    assertThat(StepRunner.run(second.creation())).isEmpty();

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

  @Test
  void openSshServesTwentyThreadsAndBigInputsAndEndsWhatTakesTooLong() throws Exception {
    DockerProvider provider = provider(wish().nodes(1).topology());
    StepRunner.run(provider.creation());
    ExecutorService pool = Executors.newFixedThreadPool(20);
    try (Remote db1 = provider.remote(DB1)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int status = i;
        tasks.add(() -> db1.run(Command.shell("t", "echo x; exit " + status)).status());
      }
      List<Integer> seen = new ArrayList<>();
      for (Future<Integer> task : pool.invokeAll(tasks)) {
        seen.add(task.get());
      }
      assertThat(seen).isEqualTo(IntStream.range(0, 100).boxed().toList());

      String text = "zwölf\n".repeat(200_000);
      assertThat(db1.check(Command.words("t", "cat").withStdin(text))).isEqualTo(text);

      Command slow = Command.shell("t", "sleep 4711").withTimeout(Duration.ofMillis(500));
      assertThatThrownBy(() -> db1.run(slow))
          .isInstanceOfSatisfying(
              RemoteException.class,
              e -> assertThat(e.kind()).isEqualTo(RemoteException.Kind.TIMEOUT));
      Thread waiting =
          new Thread(
              () -> {
                try {
                  db1.run(Command.shell("t", "sleep 4711"));
                } catch (RemoteException e) {
                  assertThat(e.kind()).isEqualTo(RemoteException.Kind.INTERRUPTED);
                }
              });
      waiting.start();
      await().until(() -> db1.run(Command.words("t", "pgrep", "-x", "sleep")).ok());
      waiting.interrupt();
      waiting.join();
      assertThat(db1.run(Command.words("t", "pgrep", "-x", "sleep")).ok()).isFalse();

      // No room is left on a file system of 64 KiB.
      db1.check(Command.shell("t", "mkdir /full && mount -t tmpfs -o size=64k none /full"));
      assertThatThrownBy(() -> db1.put(RemoteFile.of("/full/file", "x".repeat(100_000))))
          .isInstanceOfSatisfying(
              RemoteException.class, e -> assertThat(e.advice()).contains("disk of db1 is full"));
      assertThat(db1.check(Command.words("t", "ls", "-A", "/full"))).isEmpty();
    } finally {
      pool.shutdownNow();
    }
  }

  private String docker(String... words) throws Exception {
    return docker.check("do what the test needs", DockerCli.SHORT, List.of(words));
  }
}
