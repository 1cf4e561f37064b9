package dev.clusterctl.operation.failover;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.RemoteFile;
import java.time.Duration;
import java.util.Optional;

/**
 * A fault on a machine, from doing it to undoing it.
 *
 * <p>Before anything is broken, what heals it is put on the machine and set on a systemd timer
 * there: the machine heals itself, should nobody be left to do it. The script lies in a directory
 * of its own, that only root may write, until it has run well: where it lies, a fault may be
 * pending.
 */
final class FaultSite {
  private static final String DIRECTORY = "/run/clusterctl-fault";
  private static final String HEAL = DIRECTORY + "/heal.sh";
  private static final String TIMER = "clusterctl-heal-";

  /** How long mysqld may take to stop or to start: systemd's own limits are longer. */
  private static final Duration SERVICE_LIMIT = Duration.ofMinutes(4);

  private final Remote remote;
  private final Fault fault;
  private final Fault.Target target;
  private final String run;

  FaultSite(Remote remote, Fault fault, Fault.Target target, String run) {
    this.remote = remote;
    this.fault = fault;
    this.target = target;
    this.run = run;
  }

  /**
   * Heals what an earlier test that was killed has left on a machine.
   *
   * @return whether there was anything
   */
  static boolean healLeftovers(Remote remote) throws RemoteException {
    String answer =
        remote.check(
            Command.shell(
                    "heal what an earlier fail-over test left",
                    "if [ -e %1$s ]; then /bin/bash %1$s >&2 && echo healed; fi".formatted(HEAL))
                .withTimeout(SERVICE_LIMIT));
    return answer.strip().equals("healed");
  }

  /**
   * Prepares the machine to heal itself; to be called before {@link #inject}.
   *
   * @param selfHealAfter when it does so if {@link #heal} isn't called before
   */
  void arm(Duration selfHealAfter) throws RemoteException {
    remote.put(RemoteFile.of(HEAL, healScript()).withMode("0700"));
    remote.check(
        Command.words(
            "arm the timer that heals the machine by itself",
            "systemd-run",
            "--quiet",
            "--unit=" + TIMER + run,
            "--on-active=" + selfHealAfter.toSeconds() + "s",
            "--timer-property=AccuracySec=1s",
            "/bin/bash",
            HEAL));
  }

  /**
   * Takes the node down.
   *
   * @return what the report should say about the means; may be empty
   */
  String inject() throws RemoteException {
    return remote
        .check(
            Command.shell(fault.how() + " MySQL", "set -eu\n" + fault.injectScript(target))
                .withTimeout(SERVICE_LIMIT))
        .strip();
  }

  /**
   * Undoes it, cancels the timer, and forgets it. May be called at any time and any number of
   * times.
   */
  void heal() throws RemoteException {
    healLeftovers(remote);
  }

  /** What systemd says about the service. */
  Service service() throws RemoteException {
    String out =
        remote.check(
            Command.words(
                "look at the service",
                "systemctl",
                "show",
                "-p",
                "MainPID",
                "-p",
                "ActiveState",
                target.service()));
    return new Service(
        value(out, "ActiveState").orElse("unknown"),
        value(out, "MainPID").map(Integer::parseInt).orElse(0));
  }

  /** Starts the service where it isn't running. */
  void start() throws RemoteException {
    remote.check(
        Command.shell("start MySQL", "set -eu\n" + new Fault.Stop().healScript(target))
            .withTimeout(SERVICE_LIMIT));
  }

  /**
   * The state of a systemd service.
   *
   * @param state active, activating, deactivating, inactive or failed
   * @param mainPid 0 where there is no main process
   */
  record Service(String state, int mainPid) {

    /** Neither running nor on its way. */
    boolean down() {
      return state.equals("inactive") || state.equals("failed");
    }
  }

  /**
   * The fault's own script, then what disarms: only a machine that was healed forgets the fault.
   */
  private String healScript() {
    return """
        set -eu
        %s
        systemctl stop '%s*.timer' 2>/dev/null || true
        rm -rf %s
        """
        .formatted(fault.healScript(target).strip(), TIMER, DIRECTORY);
  }

  private static Optional<String> value(String properties, String name) {
    return properties
        .lines()
        .filter(l -> l.startsWith(name + "="))
        .map(l -> l.substring(name.length() + 1).strip())
        .findFirst();
  }
}
