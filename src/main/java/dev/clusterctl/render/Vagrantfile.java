package dev.clusterctl.render;

import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Topology;

/** The description of the machines for Vagrant and VirtualBox. */
final class Vagrantfile {
  private static final String MYSQL = "scripts/provision/mysql.sh";
  private static final String PROXY = "scripts/provision/proxy.sh";

  private Vagrantfile() {}

  static String render(Topology topology) {
    StringBuilder text = new StringBuilder(Header.comment("#"));
    text.append(
        """
        Vagrant.configure("2") do |config|
          config.vm.box = %s
          # Seconds. The first boot of a small machine is slow.
          config.vm.boot_timeout = 600
          config.winrm.timeout = 600
          # The machines need nothing of this folder.
          config.vm.synced_folder ".", "/vagrant", disabled: true
        """
            .formatted(quote(topology.machines().box().orElse(""))));
    topology.nodes().forEach(n -> machine(text, n.machine(), MYSQL));
    topology.proxy().ifPresent(p -> p.machines().forEach(m -> machine(text, m, PROXY)));
    return text.append("end\n").toString();
  }

  private static void machine(StringBuilder text, Machine machine, String script) {
    text.append(
        """

          config.vm.define %1$s do |machine|
            machine.vm.hostname = %1$s
            machine.vm.network "private_network", ip: %2$s
            machine.vm.provider "virtualbox" do |vb|
              vb.name = %1$s
              vb.memory = %3$d
              vb.gui = false
            end
            machine.vm.provision "shell", path: %4$s, args: ["apply"]
          end
        """
            .formatted(
                quote(machine.name().value()),
                quote(machine.address().value()),
                machine.memory(),
                quote(script)));
  }

  /** A Ruby string without interpolation. */
  private static String quote(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
