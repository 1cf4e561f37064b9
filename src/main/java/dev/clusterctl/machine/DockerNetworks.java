package dev.clusterctl.machine;

import dev.clusterctl.topology.Topology;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The networks that the engine has, and those that its host is connected to. */
final class DockerNetworks {
  private final DockerCli docker;

  DockerNetworks(DockerCli docker) {
    this.docker = docker;
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

  /**
   * Makes sure that a network can be made.
   *
   * @param allowed whether a network that overlaps is the very one that is meant
   * @throws MachineException if it overlaps with another of Docker's, or with one of this host's
   */
  void rejectOverlap(Subnet wanted, Topology topology, Predicate<Network> allowed)
      throws MachineException {
    for (Network other : all()) {
      if (other.subnets().stream().anyMatch(wanted::overlaps) && !allowed.test(other)) {
        throw overlap(
            wanted,
            topology,
            "Docker's network %s (%s), of %s"
                .formatted(other.name(), other.subnets().get(0), Labels.owner(other.labels())));
      }
    }
    for (Subnet used : interfaces()) {
      if (wanted.overlaps(used)) {
        throw overlap(wanted, topology, "a network that this host is connected to, " + used);
      }
    }
  }

  private static MachineException overlap(Subnet wanted, Topology topology, String with) {
    return new MachineException(
        "the cluster's network %s overlaps with %s".formatted(wanted, with),
        "Take that cluster down if it is no longer needed, or give the machines addresses of"
            + " another network in "
            + topology.file()
            + ".",
        null);
  }

  private List<Network> all() throws MachineException {
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
          NetworkInterface.networkInterfaces().filter(DockerNetworks::isNotDockers).toList()) {
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
}
