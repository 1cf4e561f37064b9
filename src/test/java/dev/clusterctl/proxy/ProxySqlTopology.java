package dev.clusterctl.proxy;

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
import dev.clusterctl.topology.SecretRef;
import dev.clusterctl.topology.Topology;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A topology with ProxySQL, to be varied; addresses where nobody answers. */
record ProxySqlTopology(
    ServerVersion mysql,
    ServerVersion proxySql,
    Replication.Mode mode,
    int nodes,
    List<String> users,
    Proxy.HostGroups hostgroups,
    int port,
    int adminPort,
    boolean split,
    String password) {

  static final ServerVersion MYSQL_5_7 = new ServerVersion(5, 7, 23);
  static final ServerVersion MYSQL_9_7 = new ServerVersion(9, 7, 4);
  static final ServerVersion PROXYSQL_1_4 = new ServerVersion(1, 4, 16);
  static final ServerVersion PROXYSQL_2_7 = new ServerVersion(2, 7, 1);

  static ProxySqlTopology of(ServerVersion mysql, ServerVersion proxySql) {
    return new ProxySqlTopology(
        mysql,
        proxySql,
        Replication.Mode.MULTI_PRIMARY,
        3,
        List.of("shop"),
        new Proxy.HostGroups(2, 4, 3, 1),
        6033,
        6032,
        true,
        "it's a \\ password");
  }

  ProxySqlTopology withMode(Replication.Mode m) {
    return new ProxySqlTopology(
        mysql, proxySql, m, nodes, users, hostgroups, port, adminPort, split, password);
  }

  ProxySqlTopology withNodes(int n) {
    return new ProxySqlTopology(
        mysql, proxySql, mode, n, users, hostgroups, port, adminPort, split, password);
  }

  ProxySqlTopology withUsers(String... names) {
    return new ProxySqlTopology(
        mysql, proxySql, mode, nodes, List.of(names), hostgroups, port, adminPort, split, password);
  }

  ProxySqlTopology withHostgroups(int writer, int backup, int reader, int offline) {
    Proxy.HostGroups h = new Proxy.HostGroups(writer, backup, reader, offline);
    return new ProxySqlTopology(
        mysql, proxySql, mode, nodes, users, h, port, adminPort, split, password);
  }

  ProxySqlTopology withPorts(int p, int admin) {
    return new ProxySqlTopology(
        mysql, proxySql, mode, nodes, users, hostgroups, p, admin, split, password);
  }

  ProxySqlTopology withSplit(boolean s) {
    return new ProxySqlTopology(
        mysql, proxySql, mode, nodes, users, hostgroups, port, adminPort, s, password);
  }

  ProxySqlTopology withPassword(String word) {
    return new ProxySqlTopology(
        mysql, proxySql, mode, nodes, users, hostgroups, port, adminPort, split, word);
  }

  ProxySqlDesired desired() {
    Map<String, String> passwords = new HashMap<>();
    users.forEach(u -> passwords.put(u, password));
    return ProxySqlDesired.of(
        topology(),
        new ProxySqlSecrets("our-own-password", "clusterctl_monitor", "monitor'pw", passwords),
        mysql,
        proxySql);
  }

  private Topology topology() {
    Packages packages = new Packages(Packages.Source.PREINSTALLED, List.of());
    return new Topology(
        Path.of("/tmp/cluster.yaml"),
        "shop",
        new Machines(
            Machines.Provider.DOCKER,
            Machines.Backend.VIRTUALBOX,
            OperatingSystem.DEBIAN_SID,
            Optional.empty(),
            Optional.empty(),
            512,
            24,
            Optional.empty()),
        new MySql(mysql, false, packages, Map.of()),
        new Replication(
            Replication.Type.GROUP,
            mode,
            new UUID(1, 2),
            new Replication.Failover(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            Optional.empty()),
        java.util.stream.IntStream.rangeClosed(1, nodes)
            .mapToObj(i -> new Node(machine("db" + i, 10 + i), i, Map.of()))
            .toList(),
        Optional.of(
            new Proxy.ProxySql(
                machine("proxy", 10),
                proxySql.toString(),
                packages,
                port,
                adminPort,
                hostgroups,
                3,
                true,
                100,
                split)),
        users.stream()
            .map(
                u ->
                    new Database(
                        u, u, new SecretRef.Generated(), Optional.empty(), Optional.empty()))
            .toList());
  }

  private static Machine machine(String name, int last) {
    return new Machine(
        new NodeName(name), new IpAddress("127.0.99." + last), 512, Optional.empty());
  }
}
