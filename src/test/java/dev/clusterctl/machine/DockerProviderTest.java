package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
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
}
