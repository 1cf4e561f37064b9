package dev.clusterctl.operation;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.mysql.GroupFormation;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Reseed.Preview;
import dev.clusterctl.operation.steps.ReseedPlan;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What it takes to replace a group member's data: it joins anew, with nothing. */
final class GroupReseed {
  private final Cluster cluster;
  private final GroupDriver driver;

  GroupReseed(Cluster cluster) {
    this.cluster = cluster;
    this.driver = new GroupDriver(cluster);
  }

  /**
   * Looks, and changes nothing.
   *
   * @throws MySqlException if there is no group without the node that could give it data
   */
  Preview look(Node node) throws IOException {
    NodeObservation own = observe(node);
    GroupDriver.Observations others = driver.observe().without(node.name());
    if (others.formation() instanceof GroupFormation.Refuse refuse) {
      throw GroupDriver.refused(refuse);
    }
    if (!(others.formation() instanceof GroupFormation.Exists exists)) {
      throw new MySqlException(
          "no other node is in the group, so there is nobody to get data from",
          0,
          "clusterctl up begins the group",
          null);
    }
    if (own.inGroup()) {
      driver.requireDispensable(node);
    }
    Node contact = cluster.topology().node(exists.contact()).orElseThrow();
    requireDonor(node);
    return new Preview(
        node,
        contact,
        "joining the group anew",
        own.executed().subtract(others.of(exists.contact()).orElseThrow().executed()),
        Reseed.schemas(cluster, contact),
        ReseedPlan.member(cluster, node));
  }

  private NodeObservation observe(Node node) throws IOException {
    try {
      return driver.observe(node);
    } catch (MySqlException e) {
      throw Reseed.explained(node, e);
    }
  }

  /**
   * Without the clone plugin all comes out of binary logs: somebody's must reach back to the first.
   */
  private void requireDonor(Node node) throws IOException {
    if (Dialect.of(cluster.topology().mysql().version()).has(Feature.CLONE)) {
      return;
    }
    List<String> reach = new ArrayList<>();
    for (Node other : cluster.topology().nodes()) {
      if (!other.equals(node)) {
        try (Session session = cluster.admin(other)) {
          String purged = session.value("SELECT @@GLOBAL.gtid_purged").orElse("");
          if (purged.isEmpty()) {
            return;
          }
          reach.add(other.name() + " has purged " + purged.replace("\n", ""));
        }
      }
    }
    throw new MySqlException(
        "MySQL %s can't copy a member's data, and no member has all transactions in its binary logs: %s"
            .formatted(cluster.topology().mysql().version(), String.join("; ", reach)),
        0,
        "nothing was changed. Restore a backup of another member on %s by hand, then clusterctl up"
            .formatted(node.name()),
        null);
  }
}
