package dev.clusterctl.dialect;

import java.util.Arrays;
import java.util.Optional;

/**
 * The versions of the schema in which AdminAPI and MySQL Router keep what they know of an InnoDB
 * Cluster. Each is what the MySQL Shell of that time makes, and the highest that it manages.
 */
public enum MetadataVersion {
  V2_0_0("8.0.19", "MySQL Shell 8.0.19 release notes"),
  /** ClusterSets. */
  V2_1_0("8.0.27", "MySQL Shell 8.0.27 release notes"),
  /** Read replicas, options of a Router by cluster. Shell 8.4.8 still has it. */
  V2_2_0("8.1.0", "MySQL Shell's sources at 8.4.8"),
  /** Routing guidelines. */
  V2_3_0("9.2.0", "MySQL Shell and Router 9.2.0 release notes"),
  /** Check-ins of Routers in a table of their own. */
  V2_4_0("9.6.0", "MySQL Shell 9.6.0 release notes; seen with Router 9.7.4");

  private final ServerVersion since;
  private final String source;

  MetadataVersion(String since, String source) {
    this.since = ServerVersion.parse(since).orElseThrow();
    this.source = source;
  }

  /** The version for a server: that of the MySQL Shell of the same release. */
  public static MetadataVersion of(ServerVersion server) {
    MetadataVersion result = V2_0_0;
    for (MetadataVersion version : values()) {
      if (server.compareTo(version.since) >= 0) {
        result = version;
      }
    }
    return result;
  }

  /**
   * The version that a schema says it has; empty for one that isn't among these: 1.0.1, one in the
   * middle of an upgrade (0.0.0), or a later one.
   */
  public static Optional<MetadataVersion> parse(int major, int minor, int patch) {
    return Arrays.stream(values())
        .filter(v -> v.toString().equals(major + "." + minor + "." + patch))
        .findFirst();
  }

  /** The first MySQL Shell that has it. */
  public ServerVersion since() {
    return since;
  }

  /** Where that is known from. */
  public String source() {
    return source;
  }

  /** Whether this is the given version or a later one. */
  public boolean atLeast(MetadataVersion other) {
    return compareTo(other) >= 0;
  }

  /** As in {@code 2.4.0}. */
  @Override
  public String toString() {
    return name().substring(1).replace('_', '.');
  }
}
