package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.ReplicationSettings;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The servers that answer run with what replication by GTID needs: not what their option files say
 * counts, but what they say themselves. Repairs nothing: whoever changed one of these in a running
 * server had a reason to.
 */
final class SettingsStep extends ClusterStep {
  private final Cluster cluster;

  /**
   * @param after the steps that make each node's server ready; one that failed has been told of
   */
  SettingsStep(Cluster cluster, Set<String> after) {
    super(CLUSTER, "settings", "GTID and binary log settings right", Set.of(), after);
    this.cluster = cluster;
  }

  @Override
  public Check check() throws IOException {
    List<ReplicationSettings> all = new ArrayList<>();
    for (Node node : cluster.topology().nodes()) {
      try (Session session = cluster.admin(node)) {
        all.add(ReplicationSettings.of(node.name(), session));
      } catch (MySqlException e) {
        if (!e.unreachable()) {
          throw e;
        }
      }
    }
    List<String> mistakes = ReplicationSettings.mistakes(all);
    if (!mistakes.isEmpty()) {
      throw new MySqlException(
          "replication by GTID can't work: " + String.join("; ", mistakes),
          0,
          "clusterctl's option file has them right: somebody changed them in the running server."
              + " Restart it by clusterctl ssh NODE -- systemctl restart mysql",
          null);
    }
    return Check.satisfied();
  }

  @Override
  public void apply(Progress progress) {
    throw new IllegalStateException("there is nothing to apply");
  }
}
