package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.GroupFormation;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.operation.GroupMode;
import dev.clusterctl.operation.Leaver;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** There is one group, and somebody in it; its primary is one of the nodes. */
final class GroupStep extends ClusterStep {
  private final Cluster cluster;
  private final GroupDriver driver;
  private final boolean consent;

  /**
   * @param consent whether it was said that servers may be removed
   * @param after the steps that make each node's server ready: the group may exist, and be found,
   *     though one of them failed
   */
  GroupStep(Cluster cluster, boolean consent, Set<String> after) {
    super(CLUSTER, "group", "group bootstrapped", Set.of(), after);
    this.cluster = cluster;
    this.driver = new GroupDriver(cluster);
    this.consent = consent;
  }

  @Override
  public Check check() throws IOException {
    GroupDriver.Observations observations = driver.observe();
    GroupMode.require(cluster.topology().replication().mode(), observations.answers());
    GroupFormation formation = observations.formation();
    if (formation instanceof GroupFormation.Refuse refuse) {
      throw GroupDriver.refused(refuse);
    }
    if (formation instanceof GroupFormation.Bootstrap bootstrap) {
      return Check.differs(
          (bootstrap.restored()
                  ? "begin the group again on %s, which has all transactions"
                  : "bootstrap a new group on %s")
              .formatted(bootstrap.node()));
    }
    requireOneAfterTheOther(observations);
    return driver
        .leavingPrimary(observations)
        .map(
            primary ->
                Check.differs(
                    "have another node take the place of the primary %s: cluster.yaml doesn't name it any more"
                        .formatted(primary)))
        .orElseGet(Check::satisfied);
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    GroupDriver.Observations observations = driver.observe();
    GroupFormation formation = observations.formation();
    if (formation instanceof GroupFormation.Refuse refuse) {
      throw GroupDriver.refused(refuse);
    }
    if (formation instanceof GroupFormation.Bootstrap bootstrap) {
      Node node = cluster.topology().node(bootstrap.node()).orElseThrow();
      driver.bootstrap(node, detail -> progress.report(node.name() + ": " + detail));
      return;
    }
    Optional<Leaver> primary = driver.leavingPrimary(observations);
    if (primary.isPresent()) {
      replace(primary.get(), progress);
    }
  }

  /**
   * One that joins and one that is to leave don't know each other: neither has an account of the
   * other's, by which members connect to each other.
   */
  private void requireOneAfterTheOther(GroupDriver.Observations now) throws MySqlException {
    List<Leaver> leavers = driver.leavers(now);
    if (leavers.isEmpty()) {
      return;
    }
    List<String> joiners =
        cluster.topology().nodes().stream()
            .map(Node::name)
            .filter(n -> now.of(n).filter(NodeObservation::inGroup).isEmpty())
            .map(NodeName::value)
            .toList();
    if (!joiners.isEmpty()) {
      String leaving = String.join(", ", leavers.stream().map(Leaver::toString).toList());
      throw new MySqlException(
          "cluster.yaml doesn't name %s any more, and %s isn't in the group yet: one after the other"
              .formatted(leaving, String.join(", ", joiners)),
          0,
          "put %s back into nodes:, run clusterctl up, then take it out and run clusterctl up --yes"
              .formatted(leaving),
          null);
    }
  }

  private void replace(Leaver primary, Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (!consent) {
      throw new MySqlException(
          "cluster.yaml doesn't name %s any more, which is the primary and takes the writes"
              .formatted(primary),
          0,
          "clusterctl up --yes has another node take its place, takes it out and removes its machine"
              + " with all its data; put it back into the file if it is to stay",
          null);
    }
    driver.replace(primary, progress::report);
  }
}
