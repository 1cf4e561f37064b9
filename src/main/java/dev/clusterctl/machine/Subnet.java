package dev.clusterctl.machine;

import dev.clusterctl.topology.IpAddress;
import java.util.Optional;
import java.util.Set;

/**
 * An IPv4 network.
 *
 * @param base its first address, as a number
 * @param prefix 0 to 32
 */
record Subnet(long base, int prefix) {

  /** Reads {@code 192.168.16.0/24}; bits beyond the prefix are ignored. */
  static Subnet parse(String cidr) {
    int slash = cidr.indexOf('/');
    int prefix = Integer.parseInt(cidr.substring(slash + 1));
    long address = new IpAddress(cidr.substring(0, slash)).toLong();
    return new Subnet(address - address % size(prefix), prefix);
  }

  boolean overlaps(Subnet other) {
    return base < other.base + size(other.prefix) && other.base < base + size(prefix);
  }

  /** The first usable address that isn't taken. */
  Optional<IpAddress> firstFree(Set<IpAddress> taken) {
    for (long number = base + 1; number < base + size(prefix) - 1; number++) {
      IpAddress candidate = address(number);
      if (!taken.contains(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static long size(int prefix) {
    return 1L << (32 - prefix);
  }

  private static IpAddress address(long number) {
    return new IpAddress(
        "%d.%d.%d.%d"
            .formatted(number >> 24, (number >> 16) & 255, (number >> 8) & 255, number & 255));
  }

  @Override
  public String toString() {
    return address(base) + "/" + prefix;
  }
}
