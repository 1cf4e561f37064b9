package dev.clusterctl.machine;

import dev.clusterctl.remote.Endpoint;
import dev.clusterctl.remote.HostKeys;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.SshTarget;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Hosts that exist already. They are neither made nor removed here, only looked at. */
public final class SshProvider implements MachineProvider {
  private static final Duration ASK = Duration.ofSeconds(10);

  private final Topology topology;
  private final Path knownHosts;

  /** Host keys that the topology doesn't give are looked up in the user's known_hosts file. */
  public SshProvider(Topology topology) {
    this(topology, Path.of(System.getProperty("user.home"), ".ssh", "known_hosts"));
  }

  SshProvider(Topology topology, Path knownHosts) {
    this.topology = topology;
    this.knownHosts = knownHosts;
  }

  @Override
  public List<Step> creation() {
    return topology.allMachines().stream()
        .map(machine -> (Step) new ReachableStep(this, machine.name()))
        .toList();
  }

  @Override
  public List<Step> removal() {
    return List.of();
  }

  @Override
  public Map<NodeName, State> survey() {
    Map<NodeName, State> result = new LinkedHashMap<>();
    topology.allMachines().forEach(machine -> result.put(machine.name(), State.UNKNOWN));
    return result;
  }

  @Override
  public Endpoint endpoint(NodeName name) throws MachineException {
    Machine machine =
        topology.allMachines().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException(name + " is not a machine of this cluster"));
    SshTarget target =
        machine
            .ssh()
            .orElseThrow(
                () ->
                    new MachineException(
                        name + ": the file doesn't say how to reach it",
                        "Give the machine ssh: {host, port, user, identity-file}.",
                        null));
    return new Endpoint(
        name.value(),
        target.host(),
        target.port(),
        target.user(),
        target.identityFile(),
        hostKeys(name, target));
  }

  private List<String> hostKeys(NodeName name, SshTarget target) throws MachineException {
    if (target.hostKey().isPresent()) {
      return List.of(target.hostKey().get());
    }
    List<String> known;
    try {
      known = HostKeys.known(knownHosts, target.host(), target.port());
    } catch (IOException e) {
      throw new MachineException(
          "%s: %s".formatted(name, e.getMessage()), "Or give its host key in the file.", e);
    }
    if (known.isEmpty()) {
      throw unknown(name, target);
    }
    return known;
  }

  private MachineException unknown(NodeName name, SshTarget target) {
    List<String> presented = HostKeys.presented(target.host(), target.port(), ASK);
    String where = target.host() + ":" + target.port();
    if (presented.isEmpty()) {
      return new MachineException(
          "%s: no host key is known for %s, and no SSH server answers there".formatted(name, where),
          "Check that the machine runs and that its sshd listens there.",
          null);
    }
    String fingerprints =
        presented.stream()
            .map(key -> "  %s %s".formatted(key.split(" ", 2)[0], HostKeys.fingerprint(key)))
            .collect(Collectors.joining("\n"));
    return new MachineException(
        "%s: no host key is known for %s. The one who answers there shows:\n%s"
            .formatted(name, where, fingerprints),
        """
        Compare with the machine itself (on its console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub).
        If it is the same, add this to the machine's ssh: in %s
          host-key: %s
        or log in once with ssh, which keeps it in %s."""
            .formatted(topology.file(), presented.get(0), knownHosts),
        null);
  }
}
