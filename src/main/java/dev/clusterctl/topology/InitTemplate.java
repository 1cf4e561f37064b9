package dev.clusterctl.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The commented cluster.yaml that {@code clusterctl init} writes to start from. */
public final class InitTemplate {
  private static final int PROXY_HOST = 10;

  private InitTemplate() {}

  /**
   * Nodes that replicate in that way behind MySQL Router, with one database.
   *
   * @param name the cluster's name, by the rules of {@link NodeName}; with docker, names also
   *     choose the network, so that clusters of different names seldom meet
   * @param type how they replicate
   * @param nodes 1 to 9; fewer than three or an even number is warned about when the file is read
   * @throws IllegalArgumentException if the name or the number of nodes is not allowed
   */
  public static String text(
      String name, Machines.Provider provider, Replication.Type type, int nodes) {
    if (!NodeName.isValid(name)) {
      throw new IllegalArgumentException(
          "'%s' can't be a cluster's name: lower-case letters, digits and hyphens, a letter first"
              .formatted(name));
    }
    if (nodes < 1 || nodes > 9) {
      throw new IllegalArgumentException("a group has 1 to 9 nodes, not " + nodes);
    }
    String network = network(name, provider);
    return """
        # A MySQL cluster, as clusterctl makes it true: `clusterctl up`.
        # Every key is described by `clusterctl schema`; `clusterctl validate` checks this file.
        name: %s

        machines:
        %s
          # memory: 512                    # MB of each machine; a node with MySQL 8.0 or later needs 512

        mysql:
        %s
          # options:                       # anything else for [mysqld]; also under a single node
          #   max_connections: 200

        replication:
        %s

        nodes:
        %s

        # Clients connect to the proxy: port 6446 to write, 6447 to read.
        %sproxy:
          type: mysql-router
          name: proxy
          address: %s.%d
        %s
        databases:
          - name: app
            user: app
            # password: ${env:APP_PASSWORD}   # or ${file:PATH}; left out, clusterctl makes one and keeps it
        """
        .formatted(
            name,
            machines(provider),
            mysql(provider),
            replication(type),
            IntStream.rangeClosed(1, nodes)
                .mapToObj(i -> node(provider, network, i))
                .collect(Collectors.joining("\n")),
            type == Replication.Type.GROUP
                ? "# mysql-router can't follow the primary of a single-primary group; proxysql can, and an\n"
                    + "# innodb-cluster has what mysql-router needs to do so.\n"
                : "",
            network,
            PROXY_HOST,
            provider == Machines.Provider.SSH ? "  " + ssh() + "\n" : "");
  }

  private static String machines(Machines.Provider provider) {
    return switch (provider) {
      case DOCKER ->
          """
            provider: docker                 # containers with systemd, made from Debian's packages
            os: debian-sid                   # the one Debian that has MySQL"""
              .indent(2)
              .stripTrailing();
      case VAGRANT ->
          """
            provider: vagrant                # virtual machines
            backend: virtualbox              # or libvirt; docker makes containers, without a box
            os: ubuntu-24.04
            box: bento/ubuntu-24.04"""
              .indent(2)
              .stripTrailing();
      case SSH ->
          """
            provider: ssh                    # machines that are there already
            os: ubuntu-24.04                 # what runs on them"""
              .indent(2)
              .stripTrailing();
    };
  }

  private static String mysql(Machines.Provider provider) {
    return provider == Machines.Provider.DOCKER
        ? """
          version: 9.7                     # a series, or a release such as 9.7.4
          packages: distro                 # or apt (MySQL's own), debs (files by URL), preinstalled"""
            .indent(2)
            .stripTrailing()
        : """
          version: 8.4                     # a series, or a release such as 8.4.6
          packages: apt                    # MySQL's own; or distro, debs (files by URL), preinstalled"""
            .indent(2)
            .stripTrailing();
  }

  private static String replication(Replication.Type type) {
    List<String> failover =
        List.of(
            "# failover:                      # what is left out is chosen by version: fast and safe",
            "#   consistency: before-on-primary-failover");
    List<String> lines = new ArrayList<>(List.of("type: " + Replication.label(type)));
    switch (type) {
      case GROUP -> {
        lines.add(
            "mode: multi-primary              # or single-primary: one node takes writes, the others stand by");
        lines.addAll(failover);
      }
      case INNODB_CLUSTER -> {
        lines.add("mode: single-primary             # or multi-primary: every node takes writes");
        lines.addAll(failover);
      }
      case SOURCE_REPLICA -> {
        lines.add(
            "source: db1                      # where it begins; clusterctl switchover changes it");
        lines.add(
            "# semi-sync: true                # a commit waits until a replica has received it");
      }
    }
    return lines.stream().map(line -> "  " + line).collect(Collectors.joining("\n"));
  }

  private static String node(Machines.Provider provider, String network, int number) {
    String address = network + "." + (PROXY_HOST + number);
    return provider == Machines.Provider.SSH
        ? "  - name: db%d\n    address: %s\n    %s".formatted(number, address, ssh())
        : "  - {name: db%d, address: %s}".formatted(number, address);
  }

  private static String ssh() {
    return "ssh: {user: root, identity-file: ~/.ssh/id_ed25519}   # also host, port, host-key";
  }

  private static String network(String name, Machines.Provider provider) {
    return switch (provider) {
      // Within 172.16.0.0/12, away from the networks that Docker hands out first.
      case DOCKER -> "172.28." + (32 + Math.floorMod(name.hashCode(), 192));
      // The one range that VirtualBox allows without being told.
      case VAGRANT -> "192.168.56";
      case SSH -> "192.168.0";
    };
  }
}
