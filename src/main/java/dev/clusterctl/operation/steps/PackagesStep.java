package dev.clusterctl.operation.steps;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Everything the rendered provisioning script looks after is on the machine. */
final class PackagesStep extends ClusterStep {
  private static final Duration CHECK = Duration.ofMinutes(1);
  private static final Duration APPLY = Duration.ofMinutes(30);

  /** What the script's {@code check} exits with where something is missing. */
  private static final int WOULD_CHANGE = 10;

  private final Remote remote;
  private final String script;

  PackagesStep(Remote remote, String script, Set<String> needs) {
    super(remote.machine(), "packages", "packages installed", needs, Set.of());
    this.remote = remote;
    this.script = script;
  }

  @Override
  public Check check() throws RemoteException {
    Command command =
        Command.shell("check packages", "bash -s -- check").withStdin(script).withTimeout(CHECK);
    Result result = remote.run(command);
    if (result.ok()) {
      return Check.satisfied();
    }
    if (result.status() == WOULD_CHANGE) {
      return new Check.Differs(result.out().lines().toList(), List.of());
    }
    throw RemoteException.commandFailed(remote.machine(), command, result);
  }

  @Override
  public void apply(Progress progress) throws RemoteException {
    remote.check(
        Command.shell("install packages", "bash -s -- apply")
            .withStdin(script)
            .withTimeout(APPLY)
            .onLine(progress::report));
  }
}
