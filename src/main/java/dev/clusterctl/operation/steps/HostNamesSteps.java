package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.HostNames;
import dev.clusterctl.step.Step;
import dev.clusterctl.topology.Machine;
import java.util.Set;
import java.util.function.Consumer;

/** Each machine knows the others by name, now and after a boot. */
final class HostNamesSteps {
  private HostNamesSteps() {}

  /**
   * Adds them for one machine.
   *
   * @return the id of the last one. Whoever asks systemd whether it has read all of its files waits
   *     for it: a file that is new for one service makes it say no for every one
   */
  static String add(Consumer<Step> plan, Cluster cluster, Machine machine, String ready) {
    Remote remote = cluster.remote(machine.name());
    Step names =
        new FileStep(
            remote,
            "host-names",
            "host names kept",
            () -> RemoteFile.of(HostNames.PATH, HostNames.block(cluster.topology())),
            Set.of(ready));
    Step unit =
        new FileStep(
            remote,
            "host-names-unit",
            "host names' service made",
            () -> RemoteFile.of(HostNames.UNIT_PATH, HostNames.unit()),
            Set.of(ready));
    plan.accept(names);
    plan.accept(unit);
    Step inPlace = new InPlace(remote, Set.of(names.id(), unit.id()));
    plan.accept(inPlace);
    return inPlace.id();
  }

  private static final class InPlace extends ClusterStep {
    private final Remote remote;

    InPlace(Remote remote, Set<String> needs) {
      super(remote.machine(), "host-names-in-place", "host names in /etc/hosts", needs, Set.of());
      this.remote = remote;
    }

    @Override
    public Check check() throws RemoteException {
      String missing =
          remote
              .check(
                  Command.shell(
                      "look for the machines' names",
                      """
                      grep -v '^#' %1$s | while read -r address name; do
                        getent ahostsv4 "$name" | awk '{ print $1 }' | grep -qx -F "$address" || echo "$name"
                      done
                      if ! cmp -s %1$s <(sed -n '/^# begin clusterctl$/,/^# end clusterctl$/p' /etc/hosts); then echo block; fi
                      systemctl is-enabled --quiet %2$s 2>/dev/null || echo boot
                      """
                          .formatted(HostNames.PATH, HostNames.SERVICE)))
              .strip();
      return missing.isEmpty()
          ? Check.satisfied()
          : Check.differs("put the machines' names into /etc/hosts, now and at boot");
    }

    @Override
    public void apply(Progress progress) throws RemoteException {
      remote.check(
          Command.shell(
              "put the machines' names into /etc/hosts",
              "systemctl daemon-reload && systemctl enable --quiet %1$s && systemctl restart %1$s"
                  .formatted(HostNames.SERVICE)));
    }
  }
}
