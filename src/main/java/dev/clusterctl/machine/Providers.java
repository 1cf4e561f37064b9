package dev.clusterctl.machine;

import dev.clusterctl.topology.Topology;
import java.nio.file.Path;

/** The provider that a topology asks for. */
public final class Providers {
  private Providers() {}

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
