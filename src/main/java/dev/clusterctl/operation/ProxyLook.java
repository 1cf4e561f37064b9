package dev.clusterctl.operation;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** How the proxy does, for {@link Status}. */
final class ProxyLook {
  private ProxyLook() {}

  static Status.ProxyStatus at(Cluster cluster, Proxy proxy, MachineProvider.State machine) {
    List<String> ports =
        proxy.writePort() == proxy.readPort()
            ? List.of(String.valueOf(proxy.writePort()))
            : List.of(proxy.writePort() + " (writes)", proxy.readPort() + " (reads)");
    String type = proxy instanceof Proxy.Router ? "mysql-router" : "proxysql";
    String service = "unknown";
    Optional<String> problem = Optional.empty();
    if (machine == MachineProvider.State.ABSENT || machine == MachineProvider.State.STOPPED) {
      problem =
          Optional.of(machine == MachineProvider.State.ABSENT ? "no machine" : "machine stopped");
    } else {
      Remote remote = cluster.remote(proxy.name());
      try {
        service =
            remote
                .run(
                    Command.words(
                        "look at the proxy",
                        "systemctl",
                        "is-active",
                        proxy instanceof Proxy.Router ? "mysqlrouter" : "proxysql"))
                .out()
                .strip();
      } catch (IOException e) {
        problem = Optional.of(String.valueOf(e.getMessage()));
      }
    }
    return new Status.ProxyStatus(
        proxy.name(), proxy.address().value(), type, machine, service, ports, List.of(), problem);
  }
}
