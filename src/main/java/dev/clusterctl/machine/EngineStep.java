package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import java.util.Set;

/** An engine answers that can run machines. Nothing is changed: installing one is the user's. */
final class EngineStep extends BasicStep {
  static final String ID = "cluster/engine";
  private final DockerProvider provider;

  EngineStep(DockerProvider provider) {
    super(ID, "Docker engine ready", Step.CLUSTER, Set.of());
    this.provider = provider;
  }

  @Override
  public Check check() throws MachineException {
    provider.initOptions();
    return Check.satisfied();
  }

  @Override
  public void apply(Progress progress) throws MachineException {
    provider.initOptions();
  }
}
