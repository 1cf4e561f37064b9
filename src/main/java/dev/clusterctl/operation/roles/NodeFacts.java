package dev.clusterctl.operation.roles;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What has to be known of a node before it changes its role.
 *
 * @param seen what it says of replication
 * @param filters what keeps transactions out of it, a line each
 * @param variables those that a source needs, by name in lower case
 */
record NodeFacts(ReplicaObservation seen, List<String> filters, Map<String, String> variables) {
  /** What a source needs to be one that others can follow by GTID. */
  private static final String VARIABLES =
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'gtid_mode',"
          + " 'enforce_gtid_consistency', 'log_slave_updates', 'log_replica_updates')";

  NodeFacts {
    filters = List.copyOf(filters);
    variables = new TreeMap<>(variables);
  }

  /** How a node is asked what it says of replication. */
  @FunctionalInterface
  interface Seen {
    ReplicaObservation of(Node node) throws IOException;
  }

  static NodeFacts of(Cluster cluster, Node node, Seen seen) throws IOException {
    try (Session session = cluster.admin(node)) {
      Map<String, String> variables = new TreeMap<>();
      for (Row row : session.query(VARIABLES)) {
        variables.put(row.text("Variable_name"), row.text("Value"));
      }
      return new NodeFacts(seen.of(node), cluster.replication(session).filters(), variables);
    }
  }

  NodeName node() {
    return seen.node();
  }

  Optional<ServerVersion> version() {
    return ServerVersion.parse(seen.version());
  }
}
