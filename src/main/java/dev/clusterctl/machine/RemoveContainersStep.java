package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Containers of this cluster, with their data, are gone. Others' are never touched. */
abstract class RemoveContainersStep extends BasicStep {
  private final DockerCli docker;
  final Containers containers;

  private RemoveContainersStep(DockerProvider provider, String id, String title, String subject) {
    super(id, title, subject, Set.of());
    this.docker = provider.docker();
    this.containers = provider.containers();
  }

  /** One machine's. */
  static RemoveContainersStep of(DockerProvider provider, NodeName machine) {
    return new RemoveContainersStep(
        provider, machine + "/removed", "machine removed", machine.value()) {
      @Override
      List<String> present() throws MachineException {
        return containers.own(machine).stream().map(Container::name).toList();
      }
    };
  }

  /** Those of machines that are in the file no longer. */
  static RemoveContainersStep ofStrays(DockerProvider provider) {
    return new RemoveContainersStep(
        provider,
        "cluster/strays-removed",
        "machines removed that are in the file no longer",
        Step.CLUSTER) {
      @Override
      List<String> present() throws MachineException {
        return containers.strays();
      }
    };
  }

  /** Names of containers. */
  abstract List<String> present() throws MachineException;

  @Override
  public Check check() throws MachineException {
    List<String> changes =
        present().stream().map(name -> "remove the container " + name + " and its data").toList();
    return changes.isEmpty() ? Check.satisfied() : Check.differs(changes.toArray(String[]::new));
  }

  @Override
  public void apply(Progress progress) throws MachineException {
    List<String> words = new ArrayList<>(List.of("rm", "--force", "--volumes"));
    words.addAll(present());
    try {
      DockerCli.Outcome outcome = docker.run(DockerCli.SHORT, words);
      // Somebody else may have been faster, or be at it.
      if (!outcome.ok()
          && !outcome.err().contains("No such container")
          && !outcome.err().contains("is already in progress")) {
        DockerCli.check("remove a container", outcome);
      }
    } finally {
      containers.changed();
    }
  }
}
