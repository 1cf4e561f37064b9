package dev.clusterctl.machine;

import dev.clusterctl.topology.Machines;
import dev.clusterctl.topology.Problem;
import dev.clusterctl.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The provider that a topology asks for. */
public final class Providers {
  private Providers() {}

  /**
   * What this host will refuse unless its settings are changed first, as warnings about the file as
   * a whole. Reads files of this host; asks no program.
   *
   * @param file the cluster.yaml as the user named it
   */
  public static List<Problem> warnings(Topology topology, Path file) {
    Machines machines = topology.machines();
    if (machines.provider() != Machines.Provider.VAGRANT
        || machines.backend() != Machines.Backend.VIRTUALBOX) {
      return List.of();
    }
    Optional<MachineException> objection;
    try {
      objection = HostOnlyRanges.ofThisHost().objection(topology);
    } catch (MachineException e) {
      objection = Optional.of(e);
    }
    return objection.stream()
        .map(
            e ->
                new Problem(
                    Problem.Severity.WARNING,
                    file,
                    0,
                    0,
                    String.valueOf(e.getMessage()),
                    e.advice()))
        .toList();
  }

  /**
   * @param stateDirectory where what the machines can't tell is kept
   * @throws MachineException if there is no such provider
   */
  public static MachineProvider of(Topology topology, Path stateDirectory) throws MachineException {
    return switch (topology.machines().provider()) {
      case DOCKER -> new DockerProvider(topology, stateDirectory);
      case SSH -> new SshProvider(topology);
      case VAGRANT -> new VagrantProvider(topology, stateDirectory);
    };
  }
}
