package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceFinding;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.Set;

/** There is one source, which takes writes, now and after a restart. */
final class SourceStep extends ClusterStep {
  private final Cluster cluster;
  private final SourceDriver driver;

  /**
   * @param after the steps that make each node's server ready: the source may be found though one
   *     of them failed
   */
  SourceStep(Cluster cluster, Set<String> after) {
    super(CLUSTER, "source", "source chosen", Set.of(), after);
    this.cluster = cluster;
    this.driver = new SourceDriver(cluster);
  }

  @Override
  public Check check() throws IOException {
    SourceFinding finding = driver.finding();
    if (finding instanceof SourceFinding.Refuse refuse) {
      throw SourceDriver.refused(refuse);
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
  public void apply(Progress progress) throws IOException {
    SourceFinding finding = driver.finding();
    if (finding instanceof SourceFinding.Refuse refuse) {
      throw SourceDriver.refused(refuse);
    }
    Node source = node(finding);
    progress.report(source.name().value());
    driver.makeSource(source);
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
