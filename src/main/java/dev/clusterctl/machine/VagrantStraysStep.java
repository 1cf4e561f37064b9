package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Machines that are in the file no longer are gone, with their data. */
final class VagrantStraysStep extends BasicStep {
  private final VagrantProvider provider;

  VagrantStraysStep(VagrantProvider provider) {
    super(
        "cluster/strays-removed",
        "machines removed that are in the file no longer",
        Step.CLUSTER,
        Set.of());
    this.provider = provider;
  }

  @Override
  public Check check() throws IOException {
    List<String> changes =
        provider.strays().stream()
            .map(name -> "remove the machine %s and its data".formatted(name))
            .toList();
    return changes.isEmpty() ? Check.satisfied() : Check.differs(changes.toArray(String[]::new));
  }

  @Override
  public void apply(Progress progress) throws IOException {
    List<String> strays = provider.strays();
    if (!strays.isEmpty()) {
      provider.destroy(strays, progress);
      provider.directory().write(VagrantDirectory.VAGRANTFILE, provider.vagrantfile());
    }
  }
}
