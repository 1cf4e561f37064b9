package dev.clusterctl.machine;

import dev.clusterctl.remote.Endpoint;
import dev.clusterctl.remote.KeyPairs;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Machines as containers: systemd as their first process, sshd, a fixed address in a network of
 * their own. Everything made carries labels that say which cluster of which file it belongs to, and
 * nothing without them is ever touched.
 *
 * <p>A machine's host key is made here, put into the container before its first start, and its
 * public half kept in a label: so the engine vouches for it, and asking costs nothing extra.
 */
public final class DockerProvider implements MachineProvider {
  private static final int SSH_PORT = 22;

  private final Topology topology;
  private final Path stateDirectory;
  private final DockerCli docker = new DockerCli();
  private final Containers containers;
  private @Nullable List<String> initOptions;
  private KeyPairs.@Nullable Stored keys;

  /**
   * @param stateDirectory where the cluster's key pair is kept
   */
  public DockerProvider(Topology topology, Path stateDirectory) {
    this.topology = topology;
    this.stateDirectory = stateDirectory;
    this.containers = new Containers(docker, topology);
  }

  @Override
  public List<Step> creation() {
    List<Step> steps = new ArrayList<>();
    steps.add(new EngineStep(this));
    steps.add(
        new ImageStep(
            docker,
            topology.machines().image(),
            () -> ImageRecipe.of(topology),
            Set.of(EngineStep.ID)));
    steps.add(new NetworkStep(docker, topology, containers.network()));
    for (Machine machine : topology.allMachines()) {
      steps.add(new ContainerStep(this, machine));
    }
    return steps;
  }

  @Override
  public List<Step> removal() {
    List<Step> steps = new ArrayList<>();
    for (Machine machine : topology.allMachines()) {
      steps.add(RemoveContainersStep.of(this, machine.name()));
    }
    steps.add(RemoveContainersStep.ofStrays(this));
    Set<String> before = new LinkedHashSet<>();
    steps.forEach(step -> before.add(step.id()));
    steps.add(new RemoveNetworkStep(docker, topology, before));
    return steps;
  }

  @Override
  public List<Step> strayRemoval() {
    return List.of(RemoveContainersStep.ofStrays(this));
  }

  @Override
  public Map<NodeName, State> survey() throws MachineException {
    Map<NodeName, State> result = new LinkedHashMap<>();
    for (Machine machine : topology.allMachines()) {
      result.put(
          machine.name(),
          containers
              .own(machine.name())
              .map(container -> container.running() ? State.RUNNING : State.STOPPED)
              .orElse(State.ABSENT));
    }
    return result;
  }

  @Override
  public Endpoint endpoint(NodeName machine) throws MachineException {
    Container container =
        containers
            .own(machine)
            .orElseThrow(
                () ->
                    new MachineException(
                        machine + ": there is no such container of this cluster",
                        "Make it: clusterctl up",
                        null));
    if (!container.running()) {
      throw new MachineException(
          "%s: its container is not running but %s".formatted(machine, container.status()),
          "Start it: clusterctl up",
          null);
    }
    return new Endpoint(
        machine.value(),
        container.address(),
        SSH_PORT,
        "root",
        keys().privateKey(),
        List.of(container.label(Labels.HOST_KEY)));
  }

  /** The name of the machines' image. */
  String image() throws MachineException {
    return topology.machines().image().isPresent()
        ? topology.machines().image().get()
        : ImageRecipe.of(topology).name();
  }

  /** The options that let systemd run on this engine. */
  synchronized List<String> initOptions() throws MachineException {
    List<String> known = initOptions;
    if (known == null) {
      known = Engine.initOptions(docker);
      initOptions = known;
    }
    return known;
  }

  /** The cluster's key pair, with which clusterctl logs in. */
  synchronized KeyPairs.Stored keys() throws MachineException {
    KeyPairs.Stored known = keys;
    if (known == null) {
      try {
        known = KeyPairs.ensure(stateDirectory.resolve("ssh"));
      } catch (IOException e) {
        throw new MachineException(
            "the cluster's SSH key can't be made or read: " + e.getMessage(), "", e);
      }
      keys = known;
    }
    return known;
  }

  DockerCli docker() {
    return docker;
  }

  Containers containers() {
    return containers;
  }

  Topology topology() {
    return topology;
  }
}
