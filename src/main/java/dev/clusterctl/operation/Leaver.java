package dev.clusterctl.operation;

import dev.clusterctl.topology.IpAddress;

/**
 * A server that takes part in replication, though cluster.yaml doesn't name it any more.
 *
 * @param name as the others know it; its address where they know no other
 * @param writable whether it takes writes
 */
public record Leaver(String name, IpAddress address, boolean writable) {
  @Override
  public String toString() {
    return name.equals(address.value()) ? name : "%s (%s)".formatted(name, address);
  }
}
