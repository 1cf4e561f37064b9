package dev.clusterctl.machine;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Endpoint;
import dev.clusterctl.remote.KeyPairs;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.SshOptions;
import dev.clusterctl.remote.SshRemote;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One machine: a container that runs, is what the file says, and answers over SSH. */
final class ContainerStep extends BasicStep {
  private static final Duration BOOT = Duration.ofSeconds(60);
  private static final Duration GLANCE = Duration.ofSeconds(3);

  /** A machine that boots answers by then, mostly; from then on it is worth asking the engine. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** For all of root's programs on the host together; each systemd takes about six. */
  private static final Path INOTIFY_LIMIT = Path.of("/proc/sys/fs/inotify/max_user_instances");

  private static final int SSH_PORT = 22;

  private final DockerProvider provider;
  private final DockerCli docker;
  private final Containers containers;
  private final Topology topology;
  private final Machine machine;
  private final String name;

  ContainerStep(DockerProvider provider, Machine machine) {
    super(
        MachineProvider.readyStep(machine.name()),
        "machine running",
        machine.name().value(),
        Set.of(ImageStep.ID, NetworkStep.ID));
    this.provider = provider;
    this.docker = provider.docker();
    this.containers = provider.containers();
    this.topology = provider.topology();
    this.machine = machine;
    this.name = containers.nameOf(machine.name());
  }

  @Override
  public Check check() throws MachineException {
    Optional<Container> found = containers.find(machine.name());
    if (found.isEmpty()) {
      return Check.differs(
          "make the container %s: %s, %s, %d MB"
              .formatted(name, topology.machines().os(), machine.address(), machine.memory()));
    }
    Container container = found.get();
    rejectOthers(container);
    List<String> changes = new ArrayList<>();
    if (container.memory() != memoryBytes()) {
      changes.add(
          "memory: %d MB instead of %d MB"
              .formatted(machine.memory(), container.memory() / 1024 / 1024));
    }
    switch (container.status()) {
      case "running" -> {
        if (!greets(GLANCE)) {
          changes.add("wait for SSH");
        }
      }
      case "paused" -> changes.add("resume it: it is paused");
      case "created" -> changes.add("make it again: it was never started");
      default -> changes.add("start it: it is " + container.status());
    }
    if (!knowsOurKey(container)) {
      changes.add("let the cluster's SSH key in");
    }
    return changes.isEmpty() ? Check.satisfied() : Check.differs(changes.toArray(String[]::new));
  }

  @Override
  public void apply(Progress progress) throws MachineException {
    try {
      Optional<Container> found = containers.find(machine.name());
      if (found.isPresent()) {
        rejectOthers(found.get());
        bringBack(found.get(), progress);
      } else {
        make(progress);
      }
    } finally {
      containers.changed();
    }
    progress.report("waiting for SSH");
    awaitLogin();
  }

  /** Nothing that holds data is ever removed to make way. */
  private void rejectOthers(Container container) throws MachineException {
    if (!containers.isOwn(container)) {
      throw new MachineException(
          "%s: there is a container %s already, which belongs to %s"
              .formatted(machine.name(), name, Labels.owner(container.labels())),
          "Give this cluster another name, or remove that container if nobody needs it: docker rm"
              + " --force --volumes "
              + name,
          null);
    }
    List<String> fixed = new ArrayList<>();
    if (!container.address().equals(machine.address().value())) {
      fixed.add("address %s, not %s".formatted(container.address(), machine.address()));
    }
    String os = topology.machines().os().label();
    if (!container.label(Labels.OS).equals(os)) {
      fixed.add("operating system %s, not %s".formatted(container.label(Labels.OS), os));
    }
    Optional<String> image = topology.machines().image();
    if (image.isPresent() && !container.image().equals(image.get())) {
      fixed.add("image %s, not %s".formatted(container.image(), image.get()));
    }
    if (!fixed.isEmpty()) {
      throw new MachineException(
          "%s: its container was made with %s, which can't be changed in place"
              .formatted(machine.name(), String.join(", and ", fixed)),
          "Take this machine out of the cluster and remove it (docker rm --force --volumes %s; its data is lost), then clusterctl up; or put the file back."
              .formatted(name),
          null);
    }
  }

  private void bringBack(Container container, Progress progress) throws MachineException {
    if (container.status().equals("created")) {
      // Killed between making and starting it, so there is nothing in it, not even its host key.
      docker.check(
          "remove the unfinished container " + name,
          DockerCli.SHORT,
          List.of("rm", "--force", "--volumes", container.id()));
      make(progress);
      return;
    }
    if (container.memory() != memoryBytes()) {
      progress.report("changing its memory");
      docker.check(
          "change the memory of " + name,
          DockerCli.SHORT,
          List.of("update", memory(), memorySwap(), container.id()));
    }
    switch (container.status()) {
      case "running" -> {}
      case "paused" ->
          docker.check("resume " + name, DockerCli.SHORT, List.of("unpause", container.id()));
      default -> start(progress);
    }
    if (!knowsOurKey(container)) {
      copyIn(authorizedKeys(new TarArchive()));
    }
  }

  private void make(Progress progress) throws MachineException {
    progress.report("making the container");
    KeyPairs.Generated hostKey = newHostKey();
    docker.check("make the container " + name, DockerCli.SHORT, createWords(hostKey.publicKey()));
    copyIn(
        authorizedKeys(new TarArchive())
            .directory("etc/ssh", 0755)
            .file("etc/ssh/ssh_host_ed25519_key", 0600, hostKey.privateKey())
            .file("etc/ssh/ssh_host_ed25519_key.pub", 0644, hostKey.publicKey() + "\n"));
    start(progress);
  }

  private static KeyPairs.Generated newHostKey() throws MachineException {
    try {
      return KeyPairs.generate();
    } catch (IOException e) {
      throw new MachineException(String.valueOf(e.getMessage()), "", e);
    }
  }

  private void start(Progress progress) throws MachineException {
    progress.report("starting it");
    DockerCli.Outcome outcome = docker.run(DockerCli.SHORT, List.of("start", name));
    if (outcome.ok()) {
      return;
    }
    String advice = "";
    if (outcome.err().contains("/sbin/init")) {
      advice = "A machine's image needs systemd at /sbin/init, and openssh-server.";
    } else if (outcome.err().contains("Address already in use")) {
      advice = "Another container has the address %s.".formatted(machine.address());
    }
    throw new MachineException(
        "%s: Docker can't start its container: %s".formatted(machine.name(), outcome.lastLines()),
        advice,
        null);
  }

  private List<String> createWords(String hostKey) throws MachineException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "create",
                "--name=" + name,
                "--hostname=" + machine.name(),
                "--network=" + containers.network(),
                "--network-alias=" + machine.name(),
                "--ip=" + machine.address(),
                memory(),
                memorySwap(),
                "--restart=no",
                "--stop-signal=SIGRTMIN+3",
                // systemd mounts and sets up name spaces for its services; a network partition for
                // tests is made inside the machine.
                "--cap-add=SYS_ADMIN",
                "--cap-add=NET_ADMIN",
                "--security-opt=seccomp=unconfined",
                "--tmpfs=/run",
                // Packages' configuration scripts run from there.
                "--tmpfs=/tmp:exec,mode=1777",
                // The data is on the disk itself, not on the image's layered file system.
                "--volume=/var/lib/mysql",
                "--env=container=docker"));
    words.addAll(provider.initOptions());
    for (Machine member : topology.allMachines()) {
      words.add("--add-host=" + member.name() + ":" + member.address());
    }
    label(words, Labels.CLUSTER, topology.name());
    label(words, Labels.FILE, topology.file().toString());
    label(words, Labels.MACHINE, machine.name().value());
    label(words, Labels.OS, topology.machines().os().label());
    label(words, Labels.HOST_KEY, hostKey);
    label(words, Labels.LOGIN_KEY, provider.keys().fingerprint());
    words.add(provider.image());
    words.add("/sbin/init");
    return words;
  }

  private static void label(List<String> words, String key, String value) {
    words.add("--label=" + key + "=" + value);
  }

  private String memory() {
    return "--memory=" + machine.memory() + "m";
  }

  private String memorySwap() {
    // The sum of memory and swap: no swap.
    return "--memory-swap=" + machine.memory() + "m";
  }

  private long memoryBytes() {
    return machine.memory() * 1024L * 1024L;
  }

  private TarArchive authorizedKeys(TarArchive archive) throws MachineException {
    return archive
        .directory("root/.ssh", 0700)
        .file("root/.ssh/authorized_keys", 0600, provider.keys().publicLine() + "\n");
  }

  private void copyIn(TarArchive archive) throws MachineException {
    DockerCli.check(
        "copy keys into " + name,
        docker.run(DockerCli.SHORT, List.of("cp", "-", name + ":/"), archive.toBytes()));
  }

  /** Costs a call only where the cluster's key isn't the one that the machine was made with. */
  private boolean knowsOurKey(Container container) throws MachineException {
    KeyPairs.Stored keys = provider.keys();
    if (container.label(Labels.LOGIN_KEY).equals(keys.fingerprint()) || !container.running()) {
      return true;
    }
    DockerCli.Outcome outcome =
        docker.run(DockerCli.SHORT, List.of("exec", name, "cat", "/root/.ssh/authorized_keys"));
    return outcome.ok() && outcome.out().contains(keys.publicLine());
  }

  /** Whether an SSH server says hello. */
  private boolean greets(Duration timeout) {
    try (Socket socket = new Socket()) {
      int millis = Math.toIntExact(timeout.toMillis());
      socket.connect(new InetSocketAddress(machine.address().value(), SSH_PORT), millis);
      socket.setSoTimeout(millis);
      byte[] hello = socket.getInputStream().readNBytes(4);
      return new String(hello, StandardCharsets.US_ASCII).equals("SSH-");
    } catch (IOException e) {
      return false;
    }
  }

  private void awaitLogin() throws MachineException {
    long start = System.nanoTime();
    while (!greets(GLANCE)) {
      long waited = System.nanoTime() - start;
      if (waited > GRACE.toNanos()
          && !containers.own(machine.name()).map(Container::running).orElse(false)) {
        throw ended();
      }
      if (waited > BOOT.toNanos()) {
        throw noSsh("doesn't answer", null);
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MachineException(machine.name() + ": interrupted", "", e);
      }
    }
    Endpoint endpoint = provider.endpoint(machine.name());
    try (SshRemote remote =
        new SshRemote(machine.name().value(), () -> endpoint, SshOptions.DEFAULT)) {
      remote.check(Command.shell("log in", "true"));
    } catch (RemoteException e) {
      throw noSsh("doesn't let us in: " + e.getMessage(), e);
    }
  }

  private MachineException ended() throws MachineException {
    String said = docker.run(DockerCli.SHORT, List.of("logs", "--tail=5", name)).lastLines();
    return new MachineException(
        "%s: its container ended right after its start%s"
            .formatted(machine.name(), said.isEmpty() ? "" : ":\n" + said),
        "Mostly other containers have used up what the host allows (fs.inotify.max_user_instances%s): stop some, or allow more with sudo sysctl fs.inotify.max_user_instances=1024, then run up again."
            .formatted(inotifyLimit()),
        null);
  }

  private static String inotifyLimit() {
    try {
      return " = " + Files.readString(INOTIFY_LIMIT).strip();
    } catch (IOException e) {
      return ""; // Not Linux, or not readable: the name alone must do.
    }
  }

  private MachineException noSsh(String problem, @org.jspecify.annotations.Nullable Throwable cause)
      throws MachineException {
    Optional<Container> now = containers.own(machine.name());
    String state = now.map(Container::status).orElse("gone");
    String said =
        docker
            .run(
                DockerCli.SHORT,
                state.equals("running")
                    ? List.of("exec", name, "systemctl", "--no-pager", "--lines=5", "status", "ssh")
                    : List.of("logs", "--tail=5", name))
            .lastLines();
    return new MachineException(
        String.format(
            Locale.ROOT,
            "%s: its container is %s, but its SSH server at %s:%d %s%s",
            machine.name(),
            state,
            machine.address(),
            SSH_PORT,
            problem,
            said.isEmpty() ? "" : "\n" + said),
        "Look inside with: docker exec -it %s bash. The engine must run on this host itself: addresses of containers elsewhere (Docker Desktop, a remote DOCKER_HOST) can't be reached."
            .formatted(name),
        cause);
  }
}
