package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Topology;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The cluster's own bridge network, in which its machines have their fixed addresses. */
final class NetworkStep extends BasicStep {
  static final String ID = "cluster/network";

  private final DockerCli docker;
  private final Topology topology;
  private final String name;
  private final Subnet wanted;

  NetworkStep(DockerCli docker, Topology topology, String name) {
    super(ID, "network " + subnetOf(topology), Step.CLUSTER, Set.of(EngineStep.ID));
    this.docker = docker;
    this.topology = topology;
    this.name = name;
    this.wanted = Subnet.parse(subnetOf(topology));
  }

  /** A network as the engine describes it. */
  record Network(String name, List<Subnet> subnets, Map<String, String> labels) {

    static Network of(Json inspected) {
      List<Subnet> subnets = new ArrayList<>();
      for (Json config : inspected.at("IPAM", "Config").items()) {
        String subnet = config.at("Subnet").text();
        if (subnet.contains(".")) {
          subnets.add(Subnet.parse(subnet));
        }
      }
      return new Network(inspected.at("Name").text(), subnets, inspected.at("Labels").members());
    }
  }

  @Override
  public Check check() throws MachineException {
    Optional<Network> own = find();
    if (own.isEmpty()) {
      return Check.differs("make the network %s, %s".formatted(name, wanted));
    }
    verify(own.get());
    return Check.satisfied();
  }

  private void verify(Network network) throws MachineException {
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
    rejectOverlap();
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

  private Optional<Network> find() throws MachineException {
    DockerCli.Outcome outcome = docker.run(DockerCli.SHORT, List.of("network", "inspect", name));
    // Docker 20 says "No such network", later ones "network NAME not found".
    if (!outcome.ok()
        && (outcome.err().contains("No such network") || outcome.err().contains("not found"))) {
      return Optional.empty();
    }
    String text = DockerCli.check("describe the network " + name, outcome);
    return Json.parse(text).items().stream().map(Network::of).findFirst();
  }

  private void rejectOverlap() throws MachineException {
    for (Network other : networks()) {
      if (other.subnets().stream().anyMatch(wanted::overlaps)) {
        throw overlap(
            "Docker's network %s (%s), of %s"
                .formatted(other.name(), other.subnets().get(0), Labels.owner(other.labels())));
      }
    }
    for (Subnet used : interfaces()) {
      if (wanted.overlaps(used)) {
        throw overlap("a network that this host is connected to, " + used);
      }
    }
  }

  private MachineException overlap(String with) {
    return new MachineException(
        "the cluster's network %s overlaps with %s".formatted(wanted, with),
        "Take that cluster down if it is no longer needed, or give the machines addresses of"
            + " another network in "
            + topology.file()
            + ".",
        null);
  }

  private List<Network> networks() throws MachineException {
    String ids =
        docker.check(
            "list networks", DockerCli.SHORT, List.of("network", "ls", "--quiet", "--no-trunc"));
    List<String> words = new ArrayList<>(List.of("network", "inspect"));
    ids.lines().forEach(words::add);
    // One that went away in between makes the call fail, but the others are described.
    DockerCli.Outcome outcome = docker.run(DockerCli.SHORT, words);
    return Json.parse(outcome.out()).items().stream().map(Network::of).toList();
  }

  private static List<Subnet> interfaces() throws MachineException {
    try {
      List<Subnet> result = new ArrayList<>();
      for (NetworkInterface device :
          NetworkInterface.networkInterfaces().filter(NetworkStep::isNotDockers).toList()) {
        for (InterfaceAddress address : device.getInterfaceAddresses()) {
          InetAddress ip = address.getAddress();
          if (ip.getAddress().length == 4) {
            result.add(Subnet.parse(ip.getHostAddress() + "/" + address.getNetworkPrefixLength()));
          }
        }
      }
      return result;
    } catch (SocketException e) {
      throw new MachineException("this host's network interfaces can't be listed", "", e);
    }
  }

  /** Docker's own were compared by name already, with better words for the message. */
  private static boolean isNotDockers(NetworkInterface device) {
    return !device.getName().startsWith("br-") && !device.getName().startsWith("docker");
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
