package dev.clusterctl.operation.upgrade;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Clusters in the middle of an upgrade. */
final class UpgradeExamples {
  private UpgradeExamples() {}

  /**
   * Three nodes, db1 to db3.
   *
   * @param version of MySQL
   * @param replication as in a cluster.yaml
   */
  static Topology topology(String version, String replication) {
    return TopologyReader.readText(
            """
            name: shop
            machines: {provider: ssh, os: debian-12, memory: 512}
            mysql: {version: %s, packages: preinstalled}
            replication: %s
            nodes:
              - {name: db1, address: 10.0.0.1, ssh: {user: root, identity-file: k}}
              - {name: db2, address: 10.0.0.2, ssh: {user: root, identity-file: k}}
              - {name: db3, address: 10.0.0.3, ssh: {user: root, identity-file: k}}
            """
                .formatted(version, replication),
            Path.of("cluster.yaml"))
        .topology()
        .orElseThrow();
  }

  static final String GROUP = "{type: group, mode: single-primary}";
  static final String MULTI = "{type: group, mode: multi-primary}";
  static final String SOURCE = "{type: source-replica, source: db1}";

  /** A node that does its part with a version. */
  static NodeState runs(String name, String version) {
    return new NodeState(
        new NodeName(name),
        Optional.of(version(version)),
        Optional.of(version(version)),
        Optional.empty(),
        false,
        Optional.empty(),
        List.of());
  }

  /** The same, and it takes the writes. */
  static NodeState writes(String name, String version) {
    NodeState node = runs(name, version);
    return new NodeState(
        node.node(),
        node.running(),
        node.installed(),
        node.unfinished(),
        true,
        node.complaint(),
        node.prepared());
  }

  /** One whose server was stopped for its upgrade by a clusterctl that was killed. */
  static NodeState half(String name, String from, String installed) {
    return new NodeState(
        new NodeName(name),
        Optional.empty(),
        Optional.of(version(installed)),
        Optional.of(version(from)),
        false,
        Optional.of(name + " can't be asked"),
        List.of());
  }

  /** One that doesn't answer, for whatever reason. */
  static NodeState silent(String name, String installed) {
    return new NodeState(
        new NodeName(name),
        Optional.empty(),
        Optional.of(version(installed)),
        Optional.empty(),
        false,
        Optional.of(name + " can't be asked (no answer): bring it back first"),
        List.of());
  }

  /** A cluster about which there is nothing else to say. */
  static UpgradeFacts facts(Topology topology, NodeState... nodes) {
    return facts(topology, Optional.empty(), List.of(), nodes);
  }

  static UpgradeFacts facts(
      Topology topology,
      Optional<CommunicationStack> stack,
      List<String> nativeAccounts,
      NodeState... nodes) {
    return new UpgradeFacts(topology, List.of(nodes), stack, nativeAccounts, List.of());
  }

  static ServerVersion version(String text) {
    return ServerVersion.parse(text).orElseThrow();
  }
}
