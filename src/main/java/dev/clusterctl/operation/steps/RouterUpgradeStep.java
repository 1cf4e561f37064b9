package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.render.RouterConfig;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * MySQL Router has the version that goes with the new servers, and runs with it. It comes before
 * them: a Router serves servers that are as new as itself or older. Its clients have to connect
 * anew, once.
 */
final class RouterUpgradeStep extends ClusterStep {
  private static final Duration RESTART = Duration.ofMinutes(2);

  private final Remote remote;
  private final PackagesStep packages;

  RouterUpgradeStep(
      Cluster cluster, Proxy.Router router, PackagesStep packages, Set<String> needs) {
    super(router.name().value(), "upgraded", "router upgraded", needs, Set.of());
    this.remote = cluster.remote(router.name());
    this.packages = packages;
  }

  @Override
  public Check check() throws IOException {
    List<String> changes = new ArrayList<>();
    packages.outdated().ifPresent(installed -> changes.add("replace MySQL Router " + installed));
    if (runsReplacedProgram()) {
      changes.add("restart MySQL Router, which runs with the program that was replaced");
    }
    return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, List.of());
  }

  private boolean runsReplacedProgram() throws IOException {
    return !remote
        .check(
            Command.shell(
                "look at the router's program",
                "pid=$(systemctl show -p MainPID %s | cut -d= -f2); readlink /proc/$pid/exe | grep -F '(deleted)' || true"
                    .formatted(RouterConfig.SERVICE)))
        .isBlank();
  }

  @Override
  public void apply(Progress progress) throws IOException, InterruptedException {
    packages.installUpgrade(progress);
    progress.report("restarting");
    remote.check(
        Command.words("restart MySQL Router", "systemctl", "try-restart", RouterConfig.SERVICE)
            .withTimeout(RESTART));
  }
}
