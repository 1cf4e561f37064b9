package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceFinding;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.FormerSource;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.Set;

/** There is one source, which takes writes, now and after a restart. */
final class SourceStep extends ClusterStep {
  private final Cluster cluster;
  private final SourceDriver driver;
  private final boolean consent;

  /**
   * @param consent whether it was said that servers may be removed
   * @param after the steps that make each node's server ready: the source may be found though one
   *     of them failed
   */
  SourceStep(Cluster cluster, boolean consent, Set<String> after) {
    super(CLUSTER, "source", "source chosen", Set.of(), after);
    this.cluster = cluster;
    this.driver = new SourceDriver(cluster);
    this.consent = consent;
  }

  @Override
  public Check check() throws IOException {
    SourceFinding finding = driver.finding();
    if (finding instanceof SourceFinding.Refuse refuse) {
      FormerSource former =
          FormerSource.find(cluster).orElseThrow(() -> SourceDriver.refused(refuse));
      return Check.differs(
          "have another node take the place of the source %s: cluster.yaml doesn't name it any more"
              .formatted(former));
    }
    if (finding instanceof SourceFinding.Make make) {
      return Check.differs(
          (make.first() ? "make %s the source" : "have the source %s take writes again")
              .formatted(make.node()));
    }
    Node source = node(finding);
    if (!driver.role(source).equals(RoleGuard.SOURCE)) {
      return Check.differs("note on %s that it is the source".formatted(source.name()));
    }
    try (Session session = cluster.admin(source)) {
      return driver.lacksSemiSync(session)
          ? Check.differs("have the commits of %s wait for a replica".formatted(source.name()))
          : Check.satisfied();
    }
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    SourceFinding finding = driver.finding();
    if (finding instanceof SourceFinding.Refuse refuse) {
      replace(FormerSource.find(cluster).orElseThrow(() -> SourceDriver.refused(refuse)), progress);
      return;
    }
    Node source = node(finding);
    progress.report(source.name().value());
    driver.makeSource(source);
  }

  private void replace(FormerSource former, Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (!consent) {
      throw new MySqlException(
          "cluster.yaml doesn't name %s any more, which is the source and takes the writes"
              .formatted(former),
          0,
          "clusterctl up --yes has another node take its place, takes it out and removes its machine"
              + " with all its data; put it back into the file if it is to stay",
          null);
    }
    former.replace(progress::report);
  }

  private Node node(SourceFinding finding) {
    return cluster
        .topology()
        .node(
            finding instanceof SourceFinding.Exists exists
                ? exists.node()
                : ((SourceFinding.Make) finding).node())
        .orElseThrow();
  }
}
