package dev.clusterctl.topology;

import java.util.Map;

/**
 * A machine with a MySQL server.
 *
 * @param serverId {@code server_id}, 1 to 4294967295, unique in the cluster
 * @param options additional lines for this node's {@code [mysqld]}; they win over {@link
 *     MySql#options()}
 */
public record Node(Machine machine, long serverId, Map<String, String> options) {

  public NodeName name() {
    return machine.name();
  }

  public IpAddress address() {
    return machine.address();
  }
}
