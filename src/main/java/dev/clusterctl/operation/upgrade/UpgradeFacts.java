package dev.clusterctl.operation.upgrade;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Topology;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All that decides whether and how a cluster gets another version.
 *
 * @param topology the cluster as it is to be, with the new version
 * @param nodes in the file's order
 * @param stack how the group's members talk to each other now; empty without a group
 * @param nativeAccounts accounts that log in with {@code mysql_native_password}, as {@code
 *     'user'@'host'}
 * @param refusedTables tables that the next series takes over from no data directory, each with why
 */
public record UpgradeFacts(
    Topology topology,
    List<NodeState> nodes,
    Optional<CommunicationStack> stack,
    List<String> nativeAccounts,
    List<String> refusedTables) {
  public UpgradeFacts {
    nodes = List.copyOf(nodes);
    nativeAccounts = List.copyOf(nativeAccounts);
    refusedTables = List.copyOf(refusedTables);
  }

  /** The version that is to run. */
  public ServerVersion target() {
    return topology.mysql().version();
  }

  /** The other versions that there are, the oldest first. */
  public List<ServerVersion> others() {
    return nodes.stream()
        .flatMap(n -> n.from().stream())
        .filter(v -> !topology.mysql().servedBy(v))
        .distinct()
        .sorted()
        .toList();
  }

  /** Whether every node has the version, and nothing is left to be done on any. */
  public boolean done() {
    return nodes.stream().allMatch(n -> n.done(topology.mysql()));
  }

  /** The other versions in words: {@code 5.7.22}, or {@code 8.0.46 and 8.0.44}. */
  public String othersInWords() {
    return others().stream().map(ServerVersion::toString).collect(Collectors.joining(" and "));
  }
}
