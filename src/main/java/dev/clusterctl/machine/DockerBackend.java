package dev.clusterctl.machine;

import dev.clusterctl.render.Vagrantfile;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Containers, as Vagrant's own Docker provider makes them. Their labels say which Vagrantfile they
 * are from: so those are found that Vagrant lost, because it was killed right after it made them or
 * because somebody removed its {@code .vagrant}.
 */
final class DockerBackend implements VagrantBackend {
  private static final int MEBI = 1024 * 1024;

  private final DockerCli docker = new DockerCli();
  private final Topology topology;
  private final VagrantDirectory directory;

  DockerBackend(Topology topology, VagrantDirectory directory) {
    this.topology = topology;
    this.directory = directory;
  }

  @Override
  public void verify() throws MachineException {
    // The Vagrantfile finds the same options by itself; here the host is found unfit, in words.
    Engine.initOptions(docker);
  }

  @Override
  public List<Step> prerequisites() {
    return List.of(
        new ImageStep(
            docker,
            topology.machines().image(),
            () -> ImageRecipe.forVagrant(topology),
            Set.of(VagrantReadyStep.ID)));
  }

  @Override
  public String image() throws MachineException {
    Optional<String> own = topology.machines().image();
    return own.isPresent() ? own.get() : ImageRecipe.forVagrant(topology).name();
  }

  @Override
  public void beforeStart() throws MachineException {
    new DockerNetworks(docker).rejectOverlap(subnet(), topology, this::isVagrants);
    adoptLostOnes();
    for (String paused : containers("--filter=status=paused").values()) {
      // Vagrant takes a paused container for a running one.
      docker.check("resume a container", DockerCli.SHORT, List.of("unpause", paused));
    }
  }

  /** Containers hold data: one that Vagrant lost is handed back to it, never made anew. */
  private void adoptLostOnes() throws MachineException {
    Map<String, String> ours = containers();
    try {
      for (Machine machine : topology.allMachines()) {
        String id = ours.get(Vagrantfile.container(topology, machine));
        if (id != null && !directory.id(machine.name()).equals(Optional.of(id))) {
          directory.adopt(machine.name(), id);
        }
      }
    } catch (IOException e) {
      throw new MachineException(
          "what Vagrant keeps in %s can't be mended: %s"
              .formatted(directory.root(), e.getMessage()),
          "",
          e);
    }
  }

  @Override
  public OptionalInt memory(String id) throws MachineException {
    String bytes =
        docker
            .check(
                "describe a container",
                DockerCli.SHORT,
                List.of("container", "inspect", "--format={{.HostConfig.Memory}}", id))
            .strip();
    return OptionalInt.of(Math.toIntExact(Long.parseLong(bytes) / MEBI));
  }

  @Override
  public boolean changeMemory(String id, int megabytes) throws MachineException {
    docker.check(
        "change the memory of a container",
        DockerCli.SHORT,
        List.of("update", "--memory=" + megabytes + "m", "--memory-swap=" + megabytes + "m", id));
    return true;
  }

  @Override
  public boolean findsLost() {
    return true;
  }

  @Override
  public List<String> lost() throws MachineException {
    return containers().keySet().stream().map(name -> "the container " + name).toList();
  }

  @Override
  public void removeLost() throws MachineException {
    List<String> ids = List.copyOf(containers().values());
    if (!ids.isEmpty()) {
      List<String> words = new ArrayList<>(List.of("rm", "--force", "--volumes"));
      words.addAll(ids);
      docker.check("remove containers", DockerCli.SHORT, words);
    }
    if (unusedNetwork()) {
      docker.check(
          "remove the network " + network(), DockerCli.SHORT, List.of("network", "rm", network()));
    }
  }

  /** This cluster's containers, by name with their ids, whether Vagrant knows them or not. */
  private Map<String, String> containers(String... filters) throws MachineException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "ps",
                "--all",
                "--no-trunc",
                "--filter=label=" + Labels.CLUSTER + "=" + topology.name(),
                "--filter=label=" + Vagrantfile.DIRECTORY_LABEL + "=" + realDirectory(),
                "--format={{.Names}} {{.ID}}"));
    words.addAll(List.of(filters));
    Map<String, String> found = new TreeMap<>();
    docker
        .check("list containers", DockerCli.SHORT, words)
        .lines()
        .map(line -> line.split(" ", 2))
        .forEach(fields -> found.put(fields[0], fields[1]));
    return found;
  }

  /** The label is Ruby's {@code __dir__}, which follows symbolic links. */
  private Path realDirectory() {
    try {
      return directory.root().toRealPath();
    } catch (IOException e) {
      return directory.root();
    }
  }

  /** Vagrant's network for these addresses, which other Vagrantfiles may use as well. */
  private String network() {
    return "vagrant_network_" + subnet();
  }

  private Subnet subnet() {
    return Subnet.parse(
        topology.nodes().get(0).address().network(topology.machines().subnetPrefix()));
  }

  private boolean isVagrants(DockerNetworks.Network network) {
    return network.name().equals(network()) && network.subnets().equals(List.of(subnet()));
  }

  private boolean unusedNetwork() throws MachineException {
    DockerCli.Outcome outcome =
        docker.run(
            DockerCli.SHORT,
            List.of("network", "inspect", "--format={{len .Containers}}", network()));
    return outcome.ok() && outcome.out().strip().equals("0");
  }
}
