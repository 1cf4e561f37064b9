package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nothing is left of the machines, nor of what Vagrant kept about them; also of machines that are
 * in the file no longer, and also where Vagrant's own notes are damaged or Vagrant is gone.
 */
final class VagrantDestroyStep extends BasicStep {
  private static final Logger LOG = LoggerFactory.getLogger(VagrantDestroyStep.class);

  private final VagrantProvider provider;

  VagrantDestroyStep(VagrantProvider provider) {
    super("cluster/machines-removed", "machines removed", Step.CLUSTER, Set.of());
    this.provider = provider;
  }

  @Override
  public Check check() throws IOException {
    if (!provider.directory().exists() && provider.backend().lost().isEmpty()) {
      return Check.satisfied();
    }
    List<String> changes = new ArrayList<>();
    Set<String> made = new TreeSet<>(provider.directory().made().keySet());
    made.forEach(name -> changes.add("remove the machine %s and its data".formatted(name)));
    if (made.isEmpty()) {
      provider
          .backend()
          .lost()
          .forEach(name -> changes.add("remove %s and its data".formatted(name)));
    }
    if (provider.directory().exists()) {
      changes.add("remove " + provider.directory().root());
    }
    return Check.differs(changes.toArray(String[]::new));
  }

  @Override
  public void apply(Progress progress) throws IOException {
    provider.awaitVagrantLeftRunning(progress);
    Optional<MachineException> refused = Optional.empty();
    if (!provider.directory().made().isEmpty()) {
      try {
        provider.destroy(List.of(), progress);
      } catch (MachineException e) {
        LOG.warn("vagrant destroy failed", e);
        refused = Optional.of(e);
      }
    }
    provider.backend().removeLost();
    if (refused.isPresent() && !provider.backend().findsLost()) {
      throw refused.get();
    }
    provider.directory().remove();
  }
}
