package dev.clusterctl.e2e;

import com.github.dockerjava.api.model.Network.Ipam;
import java.util.List;
import java.util.stream.Collectors;
import org.testcontainers.containers.Network;

/** Machines that exist already: their network, and a cluster.yaml that names them. */
final class SshMachines {
  private SshMachines() {}

  /**
   * One machine of the cluster.yaml.
   *
   * @param hostKey empty: the file doesn't tell
   */
  record Entry(String name, String address, String user, String identity, String hostKey) {
    String yaml() {
      String key = hostKey.isEmpty() ? "" : ", host-key: \"" + hostKey + "\"";
      return "{name: %s, address: %s%s, ssh: {user: %s, identity-file: %s%s}}"
          .formatted(
              name, address, name.equals("proxy") ? ", memory: 256" : "", user, identity, key);
    }
  }

  static Network network(String subnet) {
    return Network.builder()
        .createNetworkCmdModifier(
            command ->
                command.withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(subnet))))
        .build();
  }

  /**
   * A group in multi-primary mode; where a machine is called proxy, MySQL Router is on it.
   *
   * @param mysql what the key {@code mysql} has
   */
  static String yaml(String name, String mysql, List<Entry> machines) {
    String nodes =
        machines.stream()
            .filter(m -> !m.name().equals("proxy"))
            .map(m -> "  - " + m.yaml() + "\n")
            .collect(Collectors.joining());
    String proxy =
        machines.stream()
            .filter(m -> m.name().equals("proxy"))
            .map(m -> "proxy: " + m.yaml().replace("{name:", "{type: mysql-router, name:") + "\n")
            .collect(Collectors.joining());
    return """
        name: %s
        machines: {provider: ssh, os: debian-sid, memory: 512}
        mysql: %s
        replication: {type: group, mode: multi-primary}
        nodes:
        %s%sdatabases: [{name: app, user: app}]
        """
        .formatted(name, mysql, nodes, proxy);
  }
}
