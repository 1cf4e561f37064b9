package dev.clusterctl.machine;

import dev.clusterctl.machine.VagrantMachines.Ssh;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.HostKeys;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One machine that Vagrant runs: it answers over SSH with the host key that is pinned, lets us act
 * as root, and has the address and the memory that the file says.
 */
final class VagrantMachineStep extends BasicStep {
  /** Vagrant has waited for the boot already; this is for what it restarts after that. */
  private static final Duration LOGIN = Duration.ofMinutes(3);

  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final Duration ASK = Duration.ofSeconds(10);

  private final VagrantProvider provider;
  private final Machine machine;

  VagrantMachineStep(VagrantProvider provider, Machine machine) {
    super(
        MachineProvider.readyStep(machine.name()),
        "machine reachable",
        machine.name().value(),
        Set.of(VagrantUpStep.ID));
    this.provider = provider;
    this.machine = machine;
  }

  /** What is to be done, and whether it takes a new start. */
  private record Findings(List<String> changes, boolean restart, OptionalInt memory) {}

  @Override
  public Check check() throws IOException {
    if (provider.hostKeys(machine.name()).isEmpty()) {
      return Check.differs("take the host key of this machine, made just now, for its own");
    }
    try {
      List<String> changes = look().changes();
      return changes.isEmpty() ? Check.satisfied() : Check.differs(changes.toArray(String[]::new));
    } catch (RemoteException e) {
      if (isPassing(e)) {
        return Check.differs("wait for SSH");
      }
      throw e;
    }
  }

  @Override
  public void apply(Progress progress) throws IOException, InterruptedException {
    if (provider.hostKeys(machine.name()).isEmpty()) {
      progress.report("waiting for its host key");
      pin();
    }
    Findings findings = awaitLogin(progress);
    if (findings.memory().isPresent()) {
      boolean changed =
          provider.backend().changeMemory(provider.id(machine.name()), machine.memory());
      if (!changed) {
        restart(progress);
        return;
      }
    }
    if (findings.restart()) {
      restart(progress);
    }
  }

  private void restart(Progress progress) throws IOException, InterruptedException {
    provider.change(
        "start %s anew".formatted(machine.name()),
        List.of("reload", "--no-provision", machine.name().value()),
        progress);
    awaitLogin(progress);
  }

  /**
   * Nobody else can have told us the key of a machine that was made a moment ago, so the first one
   * that it shows is taken; never another one after that.
   */
  private void pin() throws IOException, InterruptedException {
    Ssh ssh = provider.ssh(machine.name());
    List<String> keys;
    try {
      keys =
          Waiting.until(
              "%s shows a host key at %s:%d".formatted(machine.name(), ssh.host(), ssh.port()),
              LOGIN,
              INTERVAL,
              () -> {
                List<String> shown = HostKeys.presented(ssh.host(), ssh.port(), ASK);
                return shown.isEmpty() ? Look.notYet("no SSH server answers") : Look.found(shown);
              });
    } catch (WaitTimeoutException e) {
      throw new MachineException(
          "%s runs, but: %s".formatted(machine.name(), e.getMessage()), byHand(), e);
    }
    provider.directory().pin(machine.name(), provider.id(machine.name()), keys);
  }

  private Findings awaitLogin(Progress progress) throws IOException, InterruptedException {
    progress.report("waiting for SSH");
    try {
      return Waiting.until(
          "%s lets us log in".formatted(machine.name()),
          LOGIN,
          INTERVAL,
          () -> {
            try {
              return Look.found(look());
            } catch (RemoteException e) {
              if (!isPassing(e) && e.kind() != RemoteException.Kind.AUTHENTICATION) {
                throw e;
              }
              // Another vagrant, left by a run that was killed, may be at putting its key in.
              provider.machines().changed();
              return Look.notYet(String.valueOf(e.getMessage()));
            }
          });
    } catch (WaitTimeoutException e) {
      throw new MachineException(String.valueOf(e.getMessage()), byHand(), e);
    }
  }

  private String byHand() {
    return "Look by hand: cd %s && vagrant ssh %s. A machine that Vagrant lost its key to can only be made anew: clusterctl down, then up."
        .formatted(provider.directory().root(), machine.name());
  }

  private Findings look() throws IOException {
    List<String> changes = new ArrayList<>();
    boolean restart = false;
    Ssh ssh = provider.ssh(machine.name());
    try (Remote remote = provider.remote(machine.name())) {
      String addresses =
          remote.check(
              Command.shell(
                  "look at the machine's addresses", "ip -o -4 address show | awk '{print $4}'"));
      Optional<String> own =
          addresses
              .lines()
              .map(line -> line.replaceFirst("/.*", ""))
              .filter(machine.address().value()::equals)
              .findFirst();
      if (own.isEmpty()) {
        changes.add(
            "start it anew: it has the addresses %s, not %s"
                .formatted(
                    String.join(
                        ", ", addresses.lines().filter(l -> !l.startsWith("127.")).toList()),
                    machine.address()));
        restart = true;
      }
    }
    if (ssh.insecure()) {
      changes.add("start it anew: it still accepts the key that everybody has");
      restart = true;
    }
    OptionalInt memory = provider.backend().memory(provider.id(machine.name()));
    OptionalInt wrong =
        memory.isPresent() && memory.getAsInt() != machine.memory() ? memory : OptionalInt.empty();
    if (wrong.isPresent()) {
      changes.add("memory: %d MB instead of %d MB".formatted(machine.memory(), wrong.getAsInt()));
    }
    return new Findings(changes, restart, wrong);
  }

  /** Whether waiting may help. */
  private static boolean isPassing(RemoteException e) {
    return e.kind() == RemoteException.Kind.UNREACHABLE
        || e.kind() == RemoteException.Kind.CONNECTION;
  }
}
