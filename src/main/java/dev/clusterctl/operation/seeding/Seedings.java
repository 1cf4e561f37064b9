package dev.clusterctl.operation.seeding;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.topology.Replication;

/** Which way of seeding a cluster uses. */
public final class Seedings {
  private Seedings() {}

  /**
   * What the topology asks for; for {@code auto} the best that its servers can.
   *
   * @throws MySqlException if there is none
   */
  public static Seeding of(Cluster cluster) throws MySqlException {
    Replication.Seeding asked =
        cluster.topology().replication().sourceReplica().orElseThrow().seeding();
    boolean canClone = Dialect.of(cluster.topology().mysql().version()).has(Feature.CLONE);
    return switch (asked) {
      case CLONE -> new CloneSeeding(cluster);
      case AUTO -> {
        if (canClone) {
          yield new CloneSeeding(cluster);
        }
        throw new MySqlException("seeding without clone isn't there yet", 0, "", null);
      }
      case XTRABACKUP, MYSQLDUMP ->
          throw new MySqlException(
              "seeding by %s isn't there yet".formatted(Replication.label(asked)), 0, "", null);
    };
  }
}
