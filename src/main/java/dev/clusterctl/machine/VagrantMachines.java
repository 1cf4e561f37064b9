package dev.clusterctl.machine;

import dev.clusterctl.machine.MachineProvider.State;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The machines of one cluster as Vagrant sees them. Asking takes Vagrant a second or two, so the
 * answer is kept until something was changed.
 */
final class VagrantMachines {
  private final VagrantCli vagrant;
  private final VagrantDirectory directory;
  private final Topology topology;
  private @Nullable Answer known;

  VagrantMachines(VagrantCli vagrant, VagrantDirectory directory, Topology topology) {
    this.vagrant = vagrant;
    this.directory = directory;
    this.topology = topology;
  }

  /** How Vagrant says that a machine is reached. */
  record Ssh(String host, int port, String user, Path identity) {

    /** Whether it is still the key that everybody has. */
    boolean insecure() {
      return identity.toString().contains("insecure_private_key");
    }

    /**
     * Reads what {@code vagrant ssh-config} prints about one machine.
     *
     * @return empty if something that is needed isn't there
     */
    static Optional<Ssh> parse(String text) {
      Map<String, String> values = new HashMap<>();
      text.lines()
          .map(String::strip)
          .filter(line -> line.contains(" "))
          // Vagrant names the key that it will use first.
          .forEach(
              line ->
                  values.putIfAbsent(
                      line.substring(0, line.indexOf(' ')),
                      unquote(line.substring(line.indexOf(' ') + 1).strip())));
      String host = values.getOrDefault("HostName", "");
      String port = values.getOrDefault("Port", "");
      String user = values.getOrDefault("User", "");
      String identity = values.getOrDefault("IdentityFile", "");
      if (host.isEmpty() || user.isEmpty() || identity.isEmpty() || !port.matches("[0-9]{1,5}")) {
        return Optional.empty();
      }
      return Optional.of(new Ssh(host, Integer.parseInt(port), user, Path.of(identity)));
    }

    private static String unquote(String word) {
      return word.length() > 1 && word.startsWith("\"") && word.endsWith("\"")
          ? word.substring(1, word.length() - 1)
          : word;
    }
  }

  /**
   * What Vagrant said.
   *
   * @param states in Vagrant's own words
   */
  private record Answer(Map<String, String> states, Map<String, Ssh> ssh) {}

  /** To be called by whoever changed something. */
  synchronized void changed() {
    known = null;
  }

  /** What each machine of the topology does; asks anew. */
  synchronized Map<NodeName, State> survey() throws MachineException {
    changed();
    Map<NodeName, State> result = new LinkedHashMap<>();
    for (Machine machine : topology.allMachines()) {
      result.put(machine.name(), state(machine.name()));
    }
    return result;
  }

  private State state(NodeName machine) throws MachineException {
    return switch (said(machine)) {
      case "not_created" -> State.ABSENT;
      case "running" -> State.RUNNING;
      default -> State.STOPPED;
    };
  }

  /** What a machine does, in Vagrant's word: {@code running}, {@code poweroff}, {@code saved}. */
  synchronized String said(NodeName machine) throws MachineException {
    return answer().states().getOrDefault(machine.value(), "not_created");
  }

  /** How a machine is reached; empty where it doesn't run. */
  synchronized Optional<Ssh> ssh(NodeName machine) throws MachineException {
    return Optional.ofNullable(answer().ssh().get(machine.value()));
  }

  private Answer answer() throws MachineException {
    Answer answer = known;
    if (answer == null) {
      answer = ask();
      known = answer;
    }
    return answer;
  }

  private Answer ask() throws MachineException {
    try {
      if (directory.made().isEmpty()) {
        return new Answer(Map.of(), Map.of());
      }
    } catch (IOException e) {
      throw new MachineException(
          "what Vagrant keeps in %s can't be read: %s".formatted(directory.root(), e.getMessage()),
          "",
          e);
    }
    if (!directory.hasVagrantfile()) {
      throw new MachineException(
          "the Vagrantfile in %s is gone".formatted(directory.root()),
          "Have it written again: clusterctl up",
          null);
    }
    // Where all run, which is the usual case, this one call says all.
    VagrantCli.Outcome all = vagrant.look(List.of("ssh-config"));
    Map<String, Ssh> ssh = read(all);
    Map<String, String> states = new LinkedHashMap<>();
    if (all.ok()) {
      ssh.keySet().forEach(name -> states.put(name, "running"));
      return new Answer(states, ssh);
    }
    VagrantCli.Outcome status = vagrant.look(List.of("status"));
    if (!status.ok()) {
      throw VagrantFailure.of(
          "say what the machines do", status, topology.file(), directory.root());
    }
    List<String> unasked = new ArrayList<>(List.of("ssh-config"));
    for (VagrantLine line : status.lines()) {
      if (line.type().equals("state")) {
        states.put(line.target(), line.data().get(0));
        if (line.data().get(0).equals("running") && !ssh.containsKey(line.target())) {
          unasked.add(line.target());
        }
      }
    }
    if (unasked.size() > 1) {
      ssh.putAll(read(vagrant.look(unasked)));
    }
    return new Answer(states, ssh);
  }

  private static Map<String, Ssh> read(VagrantCli.Outcome outcome) {
    Map<String, Ssh> result = new LinkedHashMap<>();
    for (VagrantLine line : outcome.lines()) {
      if (line.type().equals("ssh-config")) {
        Ssh.parse(line.data().get(0)).ifPresent(ssh -> result.put(line.target(), ssh));
      }
    }
    return result;
  }
}
