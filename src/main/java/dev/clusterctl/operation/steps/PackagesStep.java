package dev.clusterctl.operation.steps;

import dev.clusterctl.download.PackageStore;
import dev.clusterctl.download.PackageStore.Verified;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
import dev.clusterctl.remote.Upload;
import dev.clusterctl.render.ProvisionScript;
import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.Packages.Deb;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Everything the rendered provisioning script looks after is on the machine. Package files that it
 * would download are downloaded and verified here, once for all machines, and are where it looks
 * for them before it runs; it verifies them again right before they are installed.
 */
final class PackagesStep extends ClusterStep {
  private static final Duration CHECK = Duration.ofMinutes(1);
  private static final Duration APPLY = Duration.ofMinutes(30);
  private static final long REPORT_EVERY = 5_000_000;

  private final Remote remote;
  private final PackageStore store;
  private final List<Deb> debs;
  private final Function<PackageLock, String> script;

  /**
   * @param debs the package files that the script may need; may be empty
   * @param script the script, with what is pinned
   */
  PackagesStep(
      Remote remote,
      PackageStore store,
      List<Deb> debs,
      Function<PackageLock, String> script,
      Set<String> needs) {
    super(remote.machine(), "packages", "packages installed", needs, Set.of());
    this.remote = remote;
    this.store = store;
    this.debs = List.copyOf(debs);
    this.script = script;
  }

  @Override
  public Check check() throws IOException {
    Command command = run("check packages", "check").withTimeout(CHECK);
    Result result = remote.run(command);
    if (result.ok()) {
      return Check.satisfied();
    }
    if (result.status() == ProvisionScript.SOMETHING_MISSING) {
      return new Check.Differs(result.out().lines().toList(), List.of());
    }
    throw RemoteException.commandFailed(remote.machine(), command, result);
  }

  @Override
  public void apply(Progress progress) throws IOException, InterruptedException {
    sendFiles(progress);
    // By now the lock has the sums of those that were pinned just now.
    remote.check(run("install packages", "apply").withTimeout(APPLY).onLine(progress::report));
  }

  /**
   * The version that is installed, where it is not the one that is asked for; empty where it is, or
   * none is.
   */
  Optional<String> outdated() throws IOException {
    String version =
        remote.check(run("look at the installed version", "outdated").withTimeout(CHECK)).strip();
    return version.isEmpty() ? Optional.empty() : Optional.of(version);
  }

  /**
   * Gets packages of the version that is asked for ready on the machine, where another one is
   * installed. What is installed stays as it is.
   *
   * @throws RemoteException if they aren't to be had: says why
   */
  void fetchUpgrade(Progress progress) throws IOException, InterruptedException {
    sendFiles(progress);
    remote.check(run("get packages ready", "fetch").withTimeout(APPLY).onLine(progress::report));
  }

  /** Installs them; a server that is among them must not run. */
  void installUpgrade(Progress progress) throws IOException, InterruptedException {
    sendFiles(progress);
    remote.check(
        run("install the new version", "upgrade").withTimeout(APPLY).onLine(progress::report));
  }

  private void sendFiles(Progress progress) throws IOException, InterruptedException {
    if (!debs.isEmpty()) {
      Set<String> absent =
          Set.copyOf(
              remote
                  .check(run("look for package files", "files").withTimeout(CHECK))
                  .lines()
                  .toList());
      for (Deb deb : debs) {
        if (absent.contains(deb.fileName())) {
          send(deb, progress);
        }
      }
    }
  }

  private void send(Deb deb, Progress progress) throws IOException, InterruptedException {
    Verified file = store.obtain(deb, progress::report);
    progress.report("sending " + deb.fileName());
    long[] reported = {0};
    remote.send(
        new Upload(
            file.file(),
            file.size(),
            file.sha256(),
            ProvisionScript.PACKAGES + "/" + deb.fileName(),
            "root:root",
            sent -> {
              if (sent - reported[0] >= REPORT_EVERY) {
                reported[0] = sent;
                progress.report(
                    "sending %s: %d of %d MB"
                        .formatted(deb.fileName(), sent / 1_000_000, file.size() / 1_000_000));
              }
            }));
  }

  private Command run(String title, String mode) throws IOException {
    return Command.shell(title, "bash -s -- " + mode).withStdin(script.apply(store.lock()));
  }
}
