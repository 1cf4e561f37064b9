package dev.clusterctl.operation.steps;

import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * The packages of another version are ready on a machine: that they are to be had is known before
 * the first server stops, and no server is away while they are downloaded.
 */
final class UpgradeFilesStep extends ClusterStep {
  private final PackagesStep packages;

  UpgradeFilesStep(NodeName machine, PackagesStep packages) {
    super(machine.value(), "new-packages", "new packages ready", Set.of(), Set.of());
    this.packages = packages;
  }

  @Override
  public Check check() throws IOException {
    Optional<String> installed = packages.outdated();
    return installed.isPresent()
        ? Check.differs("get the packages ready that replace " + installed.orElseThrow())
        : Check.satisfied();
  }

  @Override
  public void apply(Progress progress) throws IOException, InterruptedException {
    packages.fetchUpgrade(progress);
  }

  /** Whether they are there can only be found out by looking for them anew. */
  @Override
  public boolean verifiesItself() {
    return true;
  }
}
