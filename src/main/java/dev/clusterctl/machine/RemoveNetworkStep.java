package dev.clusterctl.machine;

import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Topology;
import java.util.List;
import java.util.Set;

/** The cluster's own network is gone. */
final class RemoveNetworkStep extends BasicStep {
  private final DockerCli docker;
  private final Topology topology;

  RemoveNetworkStep(DockerCli docker, Topology topology, Set<String> needs) {
    super("cluster/network-removed", "network removed", Step.CLUSTER, needs);
    this.docker = docker;
    this.topology = topology;
  }

  @Override
  public Check check() throws MachineException {
    List<String> names = present();
    return names.isEmpty()
        ? Check.satisfied()
        : Check.differs("remove the network " + String.join(", ", names));
  }

  @Override
  public void apply(Progress progress) throws MachineException {
    for (String name : present()) {
      DockerCli.Outcome outcome = docker.run(DockerCli.SHORT, List.of("network", "rm", name));
      if (!outcome.ok() && outcome.err().contains("has active endpoints")) {
        throw new MachineException(
            "the network %s is still used: %s".formatted(name, outcome.lastLines()),
            "A container that isn't the cluster's is connected to it: docker network inspect "
                + name,
            null);
      }
      if (!outcome.ok()
          && !outcome.err().contains("No such network")
          && !outcome.err().contains("not found")) {
        DockerCli.check("remove the network " + name, outcome);
      }
    }
  }

  private List<String> present() throws MachineException {
    return docker
        .check(
            "list networks",
            DockerCli.SHORT,
            List.of(
                "network",
                "ls",
                "--filter=label=" + Labels.CLUSTER + "=" + topology.name(),
                "--filter=label=" + Labels.FILE + "=" + topology.file(),
                "--format={{.Name}}"))
        .lines()
        .toList();
  }
}
