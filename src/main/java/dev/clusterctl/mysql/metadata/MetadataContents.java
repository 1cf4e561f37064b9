package dev.clusterctl.mysql.metadata;

import dev.clusterctl.dialect.MetadataVersion;
import java.util.List;
import java.util.Optional;

/**
 * What is in the metadata schema.
 *
 * @param version what the schema says it is; empty where it says nothing, or something unknown
 * @param versionText the same as it stands there; empty where there is no schema
 * @param missing names of tables, views and routines that its version has and it lacks
 * @param instances members of groups; read replicas are AdminAPI's own
 */
public record MetadataContents(
    Optional<MetadataVersion> version,
    String versionText,
    List<String> missing,
    List<ClusterRow> clusters,
    List<InstanceRow> instances,
    List<RouterRow> routers) {

  /** As it is where there is no schema. */
  public static final MetadataContents NONE =
      new MetadataContents(Optional.empty(), "", List.of(), List.of(), List.of(), List.of());

  public MetadataContents {
    missing = List.copyOf(missing);
    clusters = List.copyOf(clusters);
    instances = List.copyOf(instances);
    routers = List.copyOf(routers);
  }

  /** The cluster of a group: the one that names it, or the only one there is. */
  public Optional<ClusterRow> cluster(String groupName) {
    return clusters.stream()
        .filter(c -> c.groupName().equalsIgnoreCase(groupName))
        .findFirst()
        .or(() -> clusters.size() == 1 ? Optional.of(clusters.get(0)) : Optional.empty());
  }
}
