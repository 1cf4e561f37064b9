package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterctl.machine.Topologies.Wish;
import dev.clusterctl.remote.HostKeys;
import dev.clusterctl.remote.TestSshServer;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.SshTarget;
import dev.clusterctl.topology.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshProviderTest {
  private static final NodeName DB1 = new NodeName("db1");
  @TempDir Path directory;
  private TestSshServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestSshServer(directory);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private Topology topology(Optional<String> hostKey) {
    return Wish.docker(directory, "c", "10.99.3")
        .ssh(new SshTarget("127.0.0.1", server.port(), "root", server.clientKeyFile(), hostKey))
        .topology();
  }

  @Test
  void hostsAreReachedWithTheHostKeyOfTheFileAndNeverRemoved() throws Exception {
    SshProvider provider = new SshProvider(topology(Optional.of(server.hostKeyText())));
    assertThat(provider.endpoint(DB1).hostKeys()).containsExactly(server.hostKeyText());
    assertThat(provider.creation()).extracting("id").contains("db1/machine", "proxy/machine");
    assertThat(provider.removal()).isEmpty();
  }

  @Test
  void theUsersKnownHostsServesWhereTheFileHasNoKey() throws Exception {
    Path known = directory.resolve("known_hosts");
    Files.writeString(
        known,
        "other.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJsu\n[127.0.0.1]:%d %s\n"
            .formatted(server.port(), server.hostKeyText()));
    SshProvider provider = new SshProvider(topology(Optional.empty()), known);
    assertThat(provider.endpoint(DB1).hostKeys()).containsExactly(server.hostKeyText());
  }

  @Test
  void anUnknownHostIsNotTrustedAndTheMessageSaysWhatToCompareAndWrite() {
    SshProvider provider = new SshProvider(topology(Optional.empty()), directory.resolve("absent"));
    MachineException e = catchThrowableOfType(MachineException.class, () -> provider.endpoint(DB1));
    assertThat(e.getMessage()).contains(HostKeys.fingerprint(server.hostKeyText()));
    assertThat(e.advice()).contains("host-key: " + server.hostKeyText());
  }

  @Test
  void aHostThatIsDownIsNotCalledUnknown() throws Exception {
    SshProvider provider = new SshProvider(topology(Optional.empty()), directory.resolve("absent"));
    Topology topology = topology(Optional.empty());
    server.close();
    MachineException e =
        catchThrowableOfType(
            MachineException.class,
            () -> new SshProvider(topology, directory.resolve("absent")).endpoint(DB1));
    assertThat(e.getMessage()).contains("no SSH server answers there");
    assertThat(provider.survey()).containsEntry(DB1, MachineProvider.State.UNKNOWN);
  }
}
