package dev.clusterctl.mysql;

import dev.clusterctl.topology.NodeName;
import java.util.Optional;

/**
 * What one node says of itself and of the source it follows, before anything is decided.
 *
 * @param address where the others reach it
 * @param serverUuid its server_uuid
 * @param version as the server says it
 * @param writable whether it takes writes
 * @param executed the transactions it has
 * @param purged those among them that its binary logs don't hold any more
 * @param channel where it replicates from; empty where it follows nobody
 */
public record ReplicaObservation(
    NodeName node,
    String address,
    String serverUuid,
    String version,
    boolean writable,
    GtidSet executed,
    GtidSet purged,
    Optional<ReplicationChannel> channel) {

  /** Whether it follows the server at that address. */
  public boolean follows(String host) {
    return channel.filter(c -> c.sourceHost().equals(host)).isPresent();
  }

  /** What it has of itself and nobody else could have given it. */
  public GtidSet errant(ReplicaObservation source) {
    return executed.subtract(source.executed());
  }
}
