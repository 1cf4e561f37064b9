package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Topology;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The cluster's own bridge network, in which its machines have their fixed addresses. */
final class NetworkStep extends BasicStep {
  static final String ID = "cluster/network";

  private final DockerCli docker;
  private final DockerNetworks networks;
  private final Topology topology;
  private final String name;
  private final Subnet wanted;

  NetworkStep(DockerCli docker, Topology topology, String name) {
    super(ID, "network " + subnetOf(topology), Step.CLUSTER, Set.of(EngineStep.ID));
    this.docker = docker;
    this.networks = new DockerNetworks(docker);
    this.topology = topology;
    this.name = name;
    this.wanted = Subnet.parse(subnetOf(topology));
  }

  @Override
  public Check check() throws MachineException {
    Optional<DockerNetworks.Network> own = find();
    if (own.isEmpty()) {
      return Check.differs("make the network %s, %s".formatted(name, wanted));
    }
    verify(own.get());
    return Check.satisfied();
  }

  private void verify(DockerNetworks.Network network) throws MachineException {
    if (!Labels.own(network.labels(), topology)) {
      throw new MachineException(
          "there is a network %s already, which belongs to %s"
              .formatted(name, Labels.owner(network.labels())),
          "Give this cluster another name, or remove that one: docker network rm " + name,
          null);
    }
    if (!network.subnets().equals(List.of(wanted))) {
      throw new MachineException(
          "the network %s is %s, but the file says %s"
              .formatted(
                  name,
                  network.subnets().stream()
                      .map(Subnet::toString)
                      .collect(Collectors.joining(", ")),
                  wanted),
          "Addresses can't be changed while machines use them: clusterctl down, then up.",
          null);
    }
  }

  @Override
  public void apply(Progress progress) throws MachineException {
    networks.rejectOverlap(wanted, topology, network -> false);
    docker.check(
        "make the network " + name,
        DockerCli.SHORT,
        List.of(
            "network",
            "create",
            "--driver=bridge",
            "--subnet=" + wanted,
            "--gateway=" + gateway(),
            "--label=" + Labels.CLUSTER + "=" + topology.name(),
            "--label=" + Labels.FILE + "=" + topology.file(),
            name));
  }

  private Optional<DockerNetworks.Network> find() throws MachineException {
    DockerCli.Outcome outcome = docker.run(DockerCli.SHORT, List.of("network", "inspect", name));
    // Docker 20 says "No such network", later ones "network NAME not found".
    if (!outcome.ok()
        && (outcome.err().contains("No such network") || outcome.err().contains("not found"))) {
      return Optional.empty();
    }
    String text = DockerCli.check("describe the network " + name, outcome);
    return Json.parse(text).items().stream().map(DockerNetworks.Network::of).findFirst();
  }

  /** The first address that no machine has. */
  private IpAddress gateway() throws MachineException {
    Set<IpAddress> taken =
        topology.allMachines().stream().map(Machine::address).collect(Collectors.toSet());
    return wanted
        .firstFree(taken)
        .orElseThrow(
            () ->
                new MachineException(
                    "the network %s has no address left for its gateway".formatted(wanted),
                    "Use a larger network (machines.subnet).",
                    null));
  }

  private static String subnetOf(Topology topology) {
    return topology.nodes().get(0).address().network(topology.machines().subnetPrefix());
  }
}
