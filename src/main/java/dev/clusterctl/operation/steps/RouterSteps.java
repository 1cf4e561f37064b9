package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.remote.Result;
import dev.clusterctl.render.FollowingRouter;
import dev.clusterctl.render.MemberFile;
import dev.clusterctl.render.RouterConfig;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** MySQL Router runs with the rendered configuration; where it follows a cluster, bootstrapped. */
final class RouterSteps {
  /** The settings with which a Router ran before they were changed. */
  private static final String WORKING = FollowingRouter.PATH + ".working";

  private RouterSteps() {}

  /**
   * Adds them to a plan.
   *
   * @return the id of the last one
   */
  static String add(
      Consumer<Step> plan,
      Cluster cluster,
      Proxy.Router router,
      Step packages,
      Step writer,
      Set<String> members) {
    Remote remote = cluster.remote(router.name());
    Step unit = unit(router, remote, Set.of(packages.id()));
    // Where everybody takes writes, the configuration is known beforehand.
    Set<String> needs =
        cluster.topology().replication().hasGroup()
            ? Set.of(packages.id())
            : Set.of(packages.id(), writer.id());
    Step config =
        new FileStep(
            remote,
            "proxy-config",
            "router configured",
            () -> RemoteFile.of(RouterConfig.PATH, config(cluster)),
            needs,
            members);
    Step service =
        new RouterServiceStep(
            remote, List.of(RouterConfig.PATH), Set.of(config.id(), unit.id()), Set.of());
    plan.accept(config);
    plan.accept(unit);
    plan.accept(service);
    return service.id();
  }

  /**
   * Adds those of a Router that follows an InnoDB Cluster.
   *
   * @param known the steps after which there is a cluster to be known, and an account to ask with
   * @param others the steps after which other Routers run: one at a time is restarted, so that
   *     clients always have another
   * @return the id of the last one
   */
  static String addFollowing(
      Consumer<Step> plan,
      Cluster cluster,
      Proxy.Router router,
      Step packages,
      Set<String> known,
      Set<String> others) {
    Remote remote = cluster.remote(router.name());
    Set<String> installed = Set.of(packages.id());
    Set<String> bootstrapNeeds = new LinkedHashSet<>(known);
    bootstrapNeeds.add(packages.id());
    List<Step> parts =
        List.of(
            unit(router, remote, installed),
            new FileStep(
                remote,
                "proxy-config",
                "router configured",
                () -> RemoteFile.of(FollowingRouter.PATH, FollowingRouter.config(router)),
                installed) {
              @Override
              void before(Remote machine, RemoteFile file) throws IOException {
                keepWorking(machine);
              }
            },
            new RouterApiStep(cluster, remote, installed),
            new RouterBootstrapStep(cluster, router, bootstrapNeeds));
    parts.forEach(plan);
    Step service =
        new RouterServiceStep(
            remote,
            List.of(
                FollowingRouter.PATH, FollowingRouter.BOOTSTRAPPED, FollowingRouter.API_ACCOUNTS),
            new LinkedHashSet<>(parts.stream().map(Step::id).toList()),
            others);
    plan.accept(service);
    return service.id();
  }

  /**
   * Keeps settings that the running Router began with: it can't be asked whether it would take
   * others, and one mistyped option would take it from its clients.
   */
  private static void keepWorking(Remote machine) throws RemoteException {
    machine.check(
        Command.shell(
            "keep the router's settings",
            """
            pid=$(systemctl show -p MainPID %3$s | cut -d= -f2)
            if [ "${pid:-0}" != 0 ] && systemctl is-active --quiet %3$s \\
                && [ -e %1$s ] && ! [ %1$s -nt "/proc/$pid" ]; then
              cp -p -- %1$s %2$s
            fi
            """
                .formatted(FollowingRouter.PATH, WORKING, RouterConfig.SERVICE)));
  }

  private static Step unit(Proxy.Router router, Remote remote, Set<String> needs) {
    return new FileStep(
        remote,
        "proxy-unit",
        "router's service made",
        () -> RemoteFile.of(RouterConfig.UNIT_PATH, RouterConfig.unit(router, binary(remote))),
        needs) {
      @Override
      void after(Remote machine, RemoteFile file) throws IOException {
        machine.check(
            Command.words("have systemd read its settings", "systemctl", "daemon-reload"));
      }
    };
  }

  private static String config(Cluster cluster) throws IOException {
    if (!cluster.topology().replication().hasGroup()) {
      return RouterConfig.config(cluster.topology(), cluster.driver().requireWriter());
    }
    List<Node> members = new ArrayList<>();
    for (Node node : cluster.topology().nodes()) {
      if (!neverMember(cluster.remote(node.name()))) {
        members.add(node);
      }
    }
    return RouterConfig.config(cluster.topology(), members);
  }

  /** One that is away may have been: it stays listed, and Router leaves it out meanwhile. */
  private static boolean neverMember(Remote node) {
    try {
      return !node.run(Command.words("look whether it was a member", "test", "-e", MemberFile.PATH))
          .ok();
    } catch (RemoteException e) {
      return false;
    }
  }

  private static String binary(Remote remote) throws RemoteException {
    return remote
        .check(
            Command.shell(
                "look for the router",
                "PATH=$PATH:/usr/local/bin:/usr/local/mysqlrouter/bin command -v mysqlrouter"))
        .strip();
  }

  /** It runs, now and after a boot, and began after its files were last changed. */
  private static final class RouterServiceStep extends ClusterStep {
    private static final Duration START = Duration.ofMinutes(2);
    private final Remote remote;
    private final List<String> files;

    /**
     * @param files what it read when it began
     */
    RouterServiceStep(Remote remote, List<String> files, Set<String> needs, Set<String> after) {
      super(remote.machine(), "proxy-service", "router running", needs, after);
      this.remote = remote;
      this.files = files;
    }

    @Override
    public Check check() throws RemoteException {
      String found =
          remote
              .check(
                  Command.shell(
                      "look at the router",
                      """
                      state=$(systemctl is-active %1$s || true)
                      pid=$(systemctl show -p MainPID %1$s | cut -d= -f2)
                      newer=
                      for file in %2$s; do
                        if [ "$file" -nt "/proc/$pid" ]; then newer=yes; fi
                      done
                      if [ "$state" != active ]; then echo "start the router (it is $state)"
                      elif [ -n "$newer" ]; then echo 'restart the router, which runs with an older configuration'
                      elif ! systemctl is-enabled --quiet %1$s; then echo 'have the router started at boot'
                      fi
                      """
                          .formatted(
                              RouterConfig.SERVICE,
                              String.join(" ", files) + " " + RouterConfig.UNIT_PATH)))
              .strip();
      return found.isEmpty() ? Check.satisfied() : Check.differs(found);
    }

    @Override
    public void apply(Progress progress) throws RemoteException {
      progress.report("starting");
      Result result =
          remote.run(
              Command.shell(
                      "start the router",
                      "systemctl enable %1$s 2>/dev/null; systemctl reset-failed %1$s 2>/dev/null; systemctl restart %1$s"
                          .formatted(RouterConfig.SERVICE))
                  .withTimeout(START));
      if (result.ok()) {
        remote.check(Command.words("forget the former configuration", "rm", "-f", "--", WORKING));
      } else {
        Result log =
            remote.run(
                Command.shell(
                    "read the router's log",
                    "journalctl --no-pager -o cat -n 40 -u %s | grep -E ' ERROR | FATAL |^(Configuration )?[Ee]rror' | cut -c 1-300 | tail -n 4"
                        .formatted(RouterConfig.SERVICE)));
        throw new RemoteException(
            RemoteException.Kind.COMMAND,
            remote.machine()
                + ": MySQL Router doesn't start"
                + (backToWorking() ? "; it runs with its former settings again" : ""),
            log.out().lines().toList(),
            "clusterctl logs %s shows its log".formatted(remote.machine()),
            null);
      }
    }

    /**
     * Has it run again with the settings with which it ran before, where there are some.
     *
     * @return whether it does
     */
    private boolean backToWorking() throws RemoteException {
      return remote
          .run(
              Command.shell(
                      "go back to the router's former settings",
                      "[ -e %1$s ] && mv -f -- %1$s %2$s && systemctl restart %3$s"
                          .formatted(WORKING, FollowingRouter.PATH, RouterConfig.SERVICE))
                  .withTimeout(START))
          .ok();
    }
  }
}
