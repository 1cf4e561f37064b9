package dev.clusterctl.machine;

import dev.clusterctl.machine.VagrantMachines.Ssh;
import dev.clusterctl.remote.Endpoint;
import dev.clusterctl.render.Vagrantfile;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Machines that Vagrant makes, with VirtualBox, libvirt or Docker. It runs in a directory of its
 * own ({@link VagrantDirectory}) on the rendered Vagrantfile; what is installed on the machines
 * comes over SSH, with what {@code vagrant ssh-config} says.
 */
public final class VagrantProvider implements MachineProvider {
  /** Several machines, each of which may take its ten minutes to boot, and a box to download. */
  private static final Duration CHANGE = Duration.ofHours(2);

  /** As long as the boot of one machine that another vagrant is at. */
  private static final Duration LOCKED = Duration.ofMinutes(12);

  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final Topology topology;
  private final VagrantDirectory directory;
  private final VagrantCli vagrant;
  private final VagrantBackend backend;
  private final VagrantMachines machines;

  /**
   * @param stateDirectory where the directory is made that Vagrant runs in
   */
  public VagrantProvider(Topology topology, Path stateDirectory) {
    this(topology, stateDirectory, "vagrant");
  }

  VagrantProvider(Topology topology, Path stateDirectory, String program) {
    this.topology = topology;
    this.directory = new VagrantDirectory(stateDirectory.resolve("vagrant"), backendName());
    this.vagrant = new VagrantCli(program, directory.root(), backendName());
    this.backend =
        switch (topology.machines().backend()) {
          case VIRTUALBOX -> new VirtualBoxBackend(topology);
          case LIBVIRT -> new LibvirtBackend();
          case DOCKER -> new DockerBackend(topology, directory);
        };
    this.machines = new VagrantMachines(vagrant, directory, topology);
  }

  @Override
  public List<Step> creation() {
    List<Step> steps = new ArrayList<>();
    steps.add(new VagrantReadyStep(vagrant, backend));
    steps.addAll(backend.prerequisites());
    steps.add(new VagrantfileStep(this));
    Set<String> before = new LinkedHashSet<>();
    steps.forEach(step -> before.add(step.id()));
    steps.add(new VagrantUpStep(this, before));
    for (Machine machine : topology.allMachines()) {
      steps.add(new VagrantMachineStep(this, machine));
    }
    return steps;
  }

  @Override
  public List<Step> removal() {
    return List.of(new VagrantDestroyStep(this));
  }

  @Override
  public List<Step> strayRemoval() {
    return List.of(new VagrantStraysStep(this));
  }

  @Override
  public Map<NodeName, State> survey() throws MachineException {
    return machines.survey();
  }

  @Override
  public Endpoint endpoint(NodeName machine) throws MachineException {
    Ssh ssh = ssh(machine);
    List<String> keys = hostKeys(machine);
    if (keys.isEmpty()) {
      throw new MachineException(
          machine + ": nobody has looked at its host key since it was made",
          "Finish making it: clusterctl up",
          null);
    }
    return new Endpoint(machine.value(), ssh.host(), ssh.port(), ssh.user(), ssh.identity(), keys);
  }

  /**
   * How Vagrant says that a machine is reached.
   *
   * @throws MachineException if it doesn't run
   */
  Ssh ssh(NodeName machine) throws MachineException {
    return machines
        .ssh(machine)
        .orElseThrow(
            () ->
                new MachineException(
                    machine + ": Vagrant has no such machine that runs",
                    "Make or start it: clusterctl up",
                    null));
  }

  /** The host keys that a machine may show; none before it was looked at for the first time. */
  List<String> hostKeys(NodeName machine) throws MachineException {
    try {
      return directory.hostKeys(machine, id(machine));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The backend's id of a machine. */
  String id(NodeName machine) throws MachineException {
    try {
      return directory
          .id(machine)
          .orElseThrow(
              () ->
                  new MachineException(
                      machine + ": Vagrant has no such machine", "Make it: clusterctl up", null));
    } catch (MachineException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private MachineException unreadable(IOException e) {
    return new MachineException(
        "what is kept in %s can't be read: %s".formatted(directory.root(), e.getMessage()), "", e);
  }

  /** A vagrant that changes machines here, begun by a clusterctl that was killed. */
  Optional<ProcessHandle> vagrantLeftRunning() throws MachineException {
    return vagrant.leftRunning();
  }

  /** Waits until that one has ended: it does no harm, and knows best where it is. */
  void awaitVagrantLeftRunning(Step.Progress progress) throws MachineException {
    if (vagrantLeftRunning().isPresent()) {
      progress.report("waiting for the vagrant that a run left which was killed");
      patiently(
          "the vagrant that a killed run left has ended",
          () ->
              vagrantLeftRunning().isPresent()
                  ? Look.notYet(
                      "process " + vagrantLeftRunning().map(ProcessHandle::pid).orElse(0L))
                  : Look.found(true));
      machines.changed();
    }
  }

  /**
   * Runs a vagrant command that changes machines, and shows what it says. Waits while another
   * vagrant, somebody's own, works on one of them.
   *
   * @param what it is for, for messages: "make the machines"
   */
  void change(String what, List<String> arguments, Step.Progress progress) throws MachineException {
    try {
      VagrantCli.Outcome outcome =
          patiently(
              "another vagrant leaves the machines alone",
              () -> {
                VagrantCli.Outcome attempt =
                    vagrant.change(CHANGE, arguments, line -> show(line, progress));
                if (attempt.locked()) {
                  progress.report("waiting for another vagrant, which is at the same machines");
                  return Look.notYet(attempt.why());
                }
                return Look.found(attempt);
              });
      if (!outcome.ok()) {
        throw VagrantFailure.of(what, outcome, topology.file(), directory.root());
      }
    } finally {
      machines.changed();
    }
  }

  private static <T> T patiently(String what, Waiting.Probe<T, MachineException> probe)
      throws MachineException {
    try {
      return Waiting.until(what, LOCKED, INTERVAL, probe);
    } catch (WaitTimeoutException e) {
      throw new MachineException(
          String.valueOf(e.getMessage()),
          "See which it is and what it waits for: ps aux | grep vagrant",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MachineException("interrupted while waiting for another vagrant", "", e);
    }
  }

  private static void show(VagrantLine line, Step.Progress progress) {
    line.shown()
        .ifPresent(
            text ->
                text.lines()
                    // "==> db1: Booting…" and "    db1: …": what a person sees, less the arrow.
                    .map(each -> each.strip().replaceFirst("^==> ", ""))
                    .filter(each -> !each.matches("([a-z0-9-]+:)?\\s*"))
                    .forEach(progress::report));
  }

  /** The Vagrantfile as it should be. */
  String vagrantfile() throws MachineException {
    return Vagrantfile.machinesOnly(topology, backend.image());
  }

  /** The machines that are in the file no longer. */
  List<String> strays() throws IOException {
    Set<String> strays = new LinkedHashSet<>(directory.made().keySet());
    topology.allMachines().forEach(machine -> strays.remove(machine.name().value()));
    return List.copyOf(strays);
  }

  /**
   * Removes machines with all their data.
   *
   * @param names which; empty: all
   */
  void destroy(List<String> names, Step.Progress progress) throws IOException {
    List<String> words = new ArrayList<>(List.of("destroy", "--force"));
    words.addAll(names);
    // Vagrant removes only what the file describes.
    directory.write(
        VagrantDirectory.VAGRANTFILE, vagrantfile() + Vagrantfile.strays(topology, strays()));
    change("remove the machines", words, progress);
  }

  /** Vagrant's name for what it makes machines with. */
  String backendName() {
    return topology.machines().backend().name().toLowerCase(Locale.ROOT);
  }

  VagrantBackend backend() {
    return backend;
  }

  VagrantDirectory directory() {
    return directory;
  }

  VagrantMachines machines() {
    return machines;
  }

  Topology topology() {
    return topology;
  }
}
