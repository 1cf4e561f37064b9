package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All machines are made and run: one call of Vagrant, which knows how many it can make at once. */
final class VagrantUpStep extends BasicStep {
  static final String ID = "cluster/machines";

  private final VagrantProvider provider;

  VagrantUpStep(VagrantProvider provider, Set<String> needs) {
    super(ID, "machines made and started", Step.CLUSTER, needs);
    this.provider = provider;
  }

  @Override
  public Check check() throws IOException {
    rejectOtherBackends();
    if (provider.vagrantLeftRunning().isPresent()) {
      // What it is in the middle of can't be told, and isn't what will be.
      return Check.differs("wait for the vagrant that a run left which was killed");
    }
    List<String> changes = new ArrayList<>();
    Map<NodeName, MachineProvider.State> states = provider.survey();
    for (Machine machine : provider.topology().allMachines()) {
      switch (states.getOrDefault(machine.name(), MachineProvider.State.ABSENT)) {
        case RUNNING -> {}
        case ABSENT ->
            changes.add(
                "make %s with %s: %s, %d MB"
                    .formatted(
                        machine.name(),
                        provider.backendName(),
                        machine.address(),
                        machine.memory()));
        case STOPPED, UNKNOWN ->
            changes.add(
                "start %s: it is %s"
                    .formatted(machine.name(), provider.machines().said(machine.name())));
      }
    }
    return changes.isEmpty() ? Check.satisfied() : Check.differs(changes.toArray(String[]::new));
  }

  @Override
  public void apply(Progress progress) throws MachineException {
    provider.awaitVagrantLeftRunning(progress);
    provider.backend().beforeStart();
    List<String> words =
        new ArrayList<>(
            List.of(
                "up",
                // Programs come over SSH, by the same steps as with every other provider.
                "--no-provision",
                // One that doesn't boot can be looked at, and the next run goes on with it.
                "--no-destroy-on-error",
                "--no-install-provider",
                "--provider=" + provider.backendName()));
    if (provider.topology().machines().containers()) {
      // Vagrant (2.3.4, seen) gives several containers that begin together the same free port.
      words.add("--no-parallel");
    }
    provider.change("make and start the machines", words, progress);
  }

  private void rejectOtherBackends() throws IOException {
    for (String name : provider.directory().made().keySet()) {
      Optional<String> madeBy = provider.directory().madeBy(name);
      if (madeBy.isPresent() && !madeBy.get().equals(provider.backendName())) {
        throw new MachineException(
            "%s was made with %s, but machines.backend is %s"
                .formatted(name, madeBy.get(), provider.backendName()),
            "Put machines.backend: %s back in %s; or take the cluster down first, with all its data: clusterctl down"
                .formatted(madeBy.get(), provider.topology().file()),
            null);
      }
    }
  }
}
