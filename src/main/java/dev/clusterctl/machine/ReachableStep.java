package dev.clusterctl.machine;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
import dev.clusterctl.topology.NodeName;
import java.util.Set;

/** A host can be reached, and lets us act as root. */
final class ReachableStep extends BasicStep {
  private final MachineProvider provider;
  private final NodeName machine;

  ReachableStep(MachineProvider provider, NodeName machine) {
    super(MachineProvider.readyStep(machine), "machine reachable", machine.value(), Set.of());
    this.provider = provider;
    this.machine = machine;
  }

  @Override
  public Check check() throws MachineException, RemoteException {
    provider.endpoint(machine);
    try (Remote remote = provider.remote(machine)) {
      Result result = remote.run(Command.shell("find out who we are", "id -u"));
      if (!result.ok() || !result.out().strip().equals("0")) {
        throw new MachineException(
            "%s: commands can't be run as root: %s"
                .formatted(machine, String.join("\n", result.lastLines(3))),
            "Log in as root, or let the user run sudo without a password (a line 'USER ALL=(ALL)"
                + " NOPASSWD: ALL' in /etc/sudoers.d/clusterctl).",
            null);
      }
    }
    return Check.satisfied();
  }

  @Override
  public void apply(Progress progress) throws MachineException, RemoteException {
    check();
  }
}
