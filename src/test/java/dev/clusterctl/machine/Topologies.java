package dev.clusterctl.machine;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Machines;
import dev.clusterctl.topology.MySql;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.OperatingSystem;
import dev.clusterctl.topology.Packages;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Replication;
import dev.clusterctl.topology.SshTarget;
import dev.clusterctl.topology.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Topologies for tests, made without the reader. */
final class Topologies {
  private static final Packages DISTRO = new Packages(Packages.Source.DISTRO, List.of());

  private Topologies() {}

  /** What tests vary. */
  record Wish(
      Path file,
      String name,
      String network,
      int nodes,
      int memory,
      OperatingSystem os,
      Optional<String> image,
      Optional<String> mirror,
      Optional<SshTarget> ssh) {

    static Wish docker(Path directory, String name, String network) {
      return new Wish(
          directory.resolve("cluster.yaml"),
          name,
          network,
          2,
          256,
          OperatingSystem.DEBIAN_SID,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    Wish nodes(int count) {
      return new Wish(file, name, network, count, memory, os, image, mirror, ssh);
    }

    Wish memory(int megabytes) {
      return new Wish(file, name, network, nodes, megabytes, os, image, mirror, ssh);
    }

    Wish network(String other) {
      return new Wish(file, name, other, nodes, memory, os, image, mirror, ssh);
    }

    Wish os(OperatingSystem other) {
      return new Wish(file, name, network, nodes, memory, other, image, mirror, ssh);
    }

    Wish image(String other) {
      return new Wish(file, name, network, nodes, memory, os, Optional.of(other), mirror, ssh);
    }

    Wish mirror(String other) {
      return new Wish(file, name, network, nodes, memory, os, image, Optional.of(other), ssh);
    }

    Wish ssh(SshTarget target) {
      return new Wish(file, name, network, nodes, memory, os, image, mirror, Optional.of(target));
    }

    /** Addresses are .11, .12, … and .10 for the proxy. */
    Topology topology() {
      List<Node> all = new ArrayList<>();
      for (int i = 1; i <= nodes; i++) {
        all.add(new Node(machine("db" + i, 10 + i), i, Map.of()));
      }
      return new Topology(
          file,
          name,
          new Machines(
              ssh.isPresent() ? Machines.Provider.SSH : Machines.Provider.DOCKER,
              Machines.Backend.VIRTUALBOX,
              os,
              Optional.empty(),
              image,
              memory,
              24,
              mirror),
          new MySql(new ServerVersion(9, 7, 4), true, DISTRO, Map.of()),
          new Replication(
              Replication.Type.GROUP,
              Replication.Mode.MULTI_PRIMARY,
              UUID.fromString("82a56cf6-86d5-420a-bc67-386bc98e3c8b"),
              new Replication.Failover(
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()),
              Optional.empty()),
          all,
          Optional.of(
              new Proxy.Router(machine("proxy", 10), "9.7", DISTRO, 6446, 6447, Optional.empty())),
          List.of());
    }

    private Machine machine(String machineName, int lastOctet) {
      return new Machine(
          new NodeName(machineName), new IpAddress(network + "." + lastOctet), memory, ssh);
    }
  }
}
