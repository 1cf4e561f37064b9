package dev.clusterctl.machine;

import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The containers of one cluster as they are now. Steps ask at the same time, so one answer serves
 * all who ask within half a second, unless one of them changed something.
 */
final class Containers {
  private static final Duration FRESH = Duration.ofMillis(500);

  private final DockerCli docker;
  private final Topology topology;
  private Map<String, Container> known = Map.of();
  private Optional<Long> askedAt = Optional.empty();

  Containers(DockerCli docker, Topology topology) {
    this.docker = docker;
    this.topology = topology;
  }

  String nameOf(NodeName machine) {
    return "clusterctl-" + topology.name() + "-" + machine;
  }

  String network() {
    return "clusterctl-" + topology.name();
  }

  /** The container that has the machine's name, whosever it is. */
  Optional<Container> find(NodeName machine) throws MachineException {
    return Optional.ofNullable(all().get(nameOf(machine)));
  }

  /** The machine's container, if it is this cluster's. */
  Optional<Container> own(NodeName machine) throws MachineException {
    return find(machine).filter(this::isOwn);
  }

  boolean isOwn(Container container) {
    return Labels.own(container.labels(), topology);
  }

  /** The names of this cluster's containers whose machines aren't in the file (any more). */
  List<String> strays() throws MachineException {
    List<String> expected = topology.allMachines().stream().map(m -> nameOf(m.name())).toList();
    return docker
        .check(
            "list containers",
            DockerCli.SHORT,
            List.of(
                "ps",
                "--all",
                "--filter=label=" + Labels.CLUSTER + "=" + topology.name(),
                "--filter=label=" + Labels.FILE + "=" + topology.file(),
                "--format={{.Names}}"))
        .lines()
        .filter(name -> !expected.contains(name))
        .toList();
  }

  /** To be called by whoever changed something. */
  synchronized void changed() {
    askedAt = Optional.empty();
  }

  private synchronized Map<String, Container> all() throws MachineException {
    long now = System.nanoTime();
    if (askedAt.isEmpty() || now - askedAt.get() > FRESH.toNanos()) {
      known = ask();
      askedAt = Optional.of(System.nanoTime());
    }
    return known;
  }

  private Map<String, Container> ask() throws MachineException {
    List<String> words = new ArrayList<>(List.of("container", "inspect"));
    topology.allMachines().forEach(machine -> words.add(nameOf(machine.name())));
    DockerCli.Outcome outcome = docker.run(DockerCli.SHORT, words);
    if (!outcome.ok() && !outcome.err().contains("No such container")) {
      DockerCli.check("describe containers", outcome);
    }
    Map<String, Container> result = new LinkedHashMap<>();
    for (Json item : Json.parse(outcome.out()).items()) {
      Container container = Container.of(item, network());
      result.put(container.name(), container);
    }
    return result;
  }
}
