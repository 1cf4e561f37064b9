package dev.clusterctl.render;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.Database;
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
import dev.clusterctl.topology.Replication.Failover;
import dev.clusterctl.topology.Replication.Mode;
import dev.clusterctl.topology.SecretRef;
import dev.clusterctl.topology.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Topologies by hand. */
final class TestTopologies {
  static final Failover UNSET =
      new Failover(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private TestTopologies() {}

  /** System A: 5.7.23 from package files behind ProxySQL, multi-primary, Vagrant, 512 MB. */
  static Topology elaporan() {
    Packages debs =
        new Packages(
            Packages.Source.DEBS,
            List.of(
                new Packages.Deb(
                    List.of(
                        "https://dev.mysql.com/a/mysql-common_5.7.23-1ubuntu16.04_amd64.deb",
                        "https://downloads.mysql.com/b/mysql-common_5.7.23-1ubuntu16.04_amd64.deb"),
                    Optional.of("0".repeat(64)))));
    return new Topology(
        Path.of("/project/cluster.yaml"),
        "elaporan",
        new Machines(
            Machines.Provider.VAGRANT,
            Machines.Backend.VIRTUALBOX,
            OperatingSystem.UBUNTU_16_04,
            Optional.of("bento/ubuntu-16.04"),
            Optional.empty(),
            512,
            24,
            Optional.empty()),
        new MySql(new ServerVersion(5, 7, 23), false, debs, Map.of("max_connections", "200")),
        replication(Mode.MULTI_PRIMARY),
        nodes("192.168.16.", 13, 512, 1),
        Optional.of(
            new Proxy.ProxySql(
                machine("proxy", "192.168.16.12", 512),
                "1.4.4",
                debs,
                6033,
                6032,
                new Proxy.HostGroups(2, 4, 3, 1),
                3,
                true,
                100,
                false)),
        List.of(
            new Database(
                "elaporan",
                "proxuser",
                new SecretRef.Generated(),
                Optional.empty(),
                Optional.empty())));
  }

  /** Debian sid, MySQL from the distribution, Router, containers. */
  static Topology sandbox(String version, Mode mode, int memory) {
    return new Topology(
        Path.of("/project/cluster.yaml"),
        "sandbox",
        new Machines(
            Machines.Provider.DOCKER,
            Machines.Backend.VIRTUALBOX,
            OperatingSystem.DEBIAN_SID,
            Optional.empty(),
            Optional.empty(),
            memory,
            24,
            Optional.empty()),
        new MySql(
            ServerVersion.parse(version).orElseThrow(),
            true,
            new Packages(Packages.Source.DISTRO, List.of()),
            Map.of()),
        replication(mode),
        nodes("10.99.2.", 11, memory, 1),
        Optional.of(
            new Proxy.Router(
                machine("proxy", "10.99.2.10", memory),
                "9.7",
                new Packages(Packages.Source.DISTRO, List.of()),
                6446,
                6447,
                Optional.empty())),
        List.of(
            new Database(
                "shop", "shop", new SecretRef.Generated(), Optional.empty(), Optional.empty())));
  }

  /** An InnoDB Cluster on the same machines, with a second Router. */
  static Topology innodbCluster(String version) {
    Topology t = sandbox(version, Mode.SINGLE_PRIMARY, 512);
    Replication r = t.replication();
    Proxy.Router router = (Proxy.Router) t.proxy().orElseThrow();
    return new Topology(
        t.file(),
        t.name(),
        t.machines(),
        t.mysql(),
        new Replication(
            Replication.Type.INNODB_CLUSTER,
            r.mode(),
            r.groupName(),
            r.failover(),
            Optional.empty()),
        t.nodes(),
        Optional.of(
            new Proxy.Router(
                router.machine(),
                router.version(),
                router.packages(),
                router.writePort(),
                router.readPort(),
                Optional.of(
                    new Proxy.Following(
                        Optional.of(6450),
                        8443,
                        Map.of("max_total_connections", "2000", "routing.max_connections", "500"),
                        List.of(machine("proxy2", "10.99.2.9", 512)))))),
        t.databases());
  }

  static Topology sandbox() {
    return sandbox("9.7.4", Mode.MULTI_PRIMARY, 512);
  }

  /** The same machines with one source and its replicas, semi-synchronous. */
  static Topology replicas(String version) {
    Topology t = sandbox(version, Mode.SINGLE_PRIMARY, 512);
    Replication r = t.replication();
    return new Topology(
        t.file(),
        t.name(),
        t.machines(),
        t.mysql(),
        new Replication(
            Replication.Type.SOURCE_REPLICA,
            r.mode(),
            r.groupName(),
            r.failover(),
            Optional.of(
                new Replication.SourceReplica(
                    t.nodes().get(0).name(), Replication.Seeding.AUTO, true))),
        t.nodes(),
        t.proxy(),
        t.databases());
  }

  static Topology withMachines(Topology t, Machines machines) {
    return new Topology(
        t.file(),
        t.name(),
        machines,
        t.mysql(),
        t.replication(),
        t.nodes(),
        t.proxy(),
        t.databases());
  }

  static Topology withPackages(Topology t, Packages packages) {
    MySql m = t.mysql();
    return with(t, new MySql(m.version(), m.series(), packages, m.options()), t.nodes());
  }

  static Topology withOptions(
      Topology t, Map<String, String> cluster, Map<String, String> firstNode) {
    MySql m = t.mysql();
    List<Node> nodes = new ArrayList<>(t.nodes());
    nodes.set(0, new Node(nodes.get(0).machine(), nodes.get(0).serverId(), firstNode));
    return with(t, new MySql(m.version(), m.series(), m.packages(), cluster), nodes);
  }

  static Topology withServerIds(Topology t, long first) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : t.nodes()) {
      nodes.add(new Node(node.machine(), first + nodes.size(), node.options()));
    }
    return with(t, t.mysql(), nodes);
  }

  /** The same behind a ProxySQL. */
  static Topology withProxySql(Topology t, String version) {
    Proxy proxy =
        new Proxy.ProxySql(
            t.proxy().orElseThrow().machine(),
            version,
            t.proxy().orElseThrow().packages(),
            6033,
            6032,
            new Proxy.HostGroups(2, 4, 3, 1),
            3,
            true,
            100,
            false);
    return new Topology(
        t.file(),
        t.name(),
        t.machines(),
        t.mysql(),
        t.replication(),
        t.nodes(),
        Optional.of(proxy),
        t.databases());
  }

  static Topology withFailover(Topology t, Failover failover) {
    Replication r = t.replication();
    return new Topology(
        t.file(),
        t.name(),
        t.machines(),
        t.mysql(),
        new Replication(r.type(), r.mode(), r.groupName(), failover, r.sourceReplica()),
        t.nodes(),
        t.proxy(),
        t.databases());
  }

  private static Topology with(Topology t, MySql mysql, List<Node> nodes) {
    return new Topology(
        t.file(), t.name(), t.machines(), mysql, t.replication(), nodes, t.proxy(), t.databases());
  }

  private static Replication replication(Mode mode) {
    return new Replication(
        Replication.Type.GROUP,
        mode,
        UUID.fromString("82a56cf6-86d5-420a-bc67-386bc98e3c8b"),
        UNSET,
        Optional.empty());
  }

  private static List<Node> nodes(String network, int firstHost, int memory, long firstId) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(
          new Node(
              machine("db" + (i + 1), network + (firstHost + i), memory), firstId + i, Map.of()));
    }
    return nodes;
  }

  private static Machine machine(String name, String address, int memory) {
    return new Machine(new NodeName(name), new IpAddress(address), memory, Optional.empty());
  }
}
