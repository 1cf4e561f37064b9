package dev.clusterctl.e2e;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import dev.clusterctl.machine.TestMachines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A machine that clusterctl didn't make: Testcontainers started it, with systemd, an SSH server
 * whose host key we know, and two accounts that a key opens: root, and one that may use sudo.
 */
final class SshMachine extends GenericContainer<SshMachine> {
  private static final long MEMORY = 512L * 1024 * 1024;

  private final String name;
  private final String address;
  private final String hostKey;

  /**
   * @param key a key pair's private file, its public one beside it
   * @param hosts names and addresses of all machines
   */
  SshMachine(
      String image, Network network, String name, Path key, Map<String, String> hosts, Path scratch)
      throws Exception {
    super(DockerImageName.parse(image));
    this.name = name;
    this.address = Objects.requireNonNull(hosts.get(name));
    Path hostKeyFile = newKey(scratch.resolve("host-key-" + name));
    String[] words = publicKey(hostKeyFile).split(" ", 3);
    this.hostKey = words[0] + " " + words[1];
    List<String> options = TestMachines.initOptions();
    withNetwork(network);
    withCommand("/sbin/init");
    withEnv("container", "docker");
    withTmpFs(Map.of("/run", "rw,exec", "/tmp", "rw,exec,mode=1777"));
    hosts.forEach(this::withExtraHost);
    withCreateContainerCmdModifier(command -> modify(command, options));
    withCopyToContainer(
        Transferable.of(Files.readAllBytes(hostKeyFile), 0100600), "/etc/ssh/ssh_host_ed25519_key");
    withCopyToContainer(
        Transferable.of(publicKey(key) + "\n", 0100600), "/root/.ssh/authorized_keys");
    waitingFor(Wait.forSuccessfulCommand("ss -Hltn 'sport = :22' | grep -q LISTEN"));
  }

  /** Makes an Ed25519 key pair; its private file. */
  static Path newKey(Path file) throws IOException, InterruptedException {
    Outcome made =
        Host.run(
            "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file.toString());
    if (made.code() != 0) {
      throw new AssertionError(made.said());
    }
    return file;
  }

  static String publicKey(Path file) throws IOException {
    return Files.readString(file.resolveSibling(file.getFileName() + ".pub")).strip();
  }

  private void modify(CreateContainerCmd command, List<String> options) {
    HostConfig host = Objects.requireNonNull(command.getHostConfig());
    List<String> security = new ArrayList<>(List.of("seccomp=unconfined"));
    List<Bind> binds = new ArrayList<>();
    for (String option : options) {
      String[] words = option.split("=", 2);
      switch (words[0]) {
        case "--cgroupns" -> host.withCgroupnsMode(words[1]);
        case "--volume" -> binds.add(Bind.parse(words[1]));
        case "--security-opt" -> security.add(words[1]);
        default -> throw new AssertionError("new option: " + option);
      }
    }
    host.withCapAdd(Capability.SYS_ADMIN, Capability.NET_ADMIN)
        .withSecurityOpts(security)
        .withBinds(binds)
        .withMemory(MEMORY)
        .withMemorySwap(MEMORY);
    command.withHostName(name).withIpv4Address(address).withVolumes(new Volume("/var/lib/mysql"));
  }

  /** The public host key as cluster.yaml takes it. */
  String hostKey() {
    return hostKey;
  }

  /** Its name in cluster.yaml. */
  String name() {
    return name;
  }

  String address() {
    return address;
  }

  /** Makes the account {@code deploy}, which may use sudo and which root's key opens. */
  SshMachine withOperator() throws IOException, InterruptedException {
    bash(
        """
        set -e
        useradd --create-home --shell /bin/bash deploy
        install -d -m 0700 -o deploy -g deploy /home/deploy/.ssh
        install -m 0600 -o deploy -g deploy /root/.ssh/authorized_keys /home/deploy/.ssh/
        echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/deploy
        """);
    return this;
  }

  /** What a script prints that root runs there; it must succeed. */
  String bash(String script) throws IOException, InterruptedException {
    ExecResult result = execInContainer("bash", "-c", script);
    if (result.getExitCode() != 0) {
      throw new AssertionError("%s: %s%s".formatted(name, result.getStdout(), result.getStderr()));
    }
    return result.getStdout().strip();
  }
}
