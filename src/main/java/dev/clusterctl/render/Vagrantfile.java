package dev.clusterctl.render;

import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Machines;
import dev.clusterctl.topology.Topology;
import java.util.List;

/**
 * The description of the machines for Vagrant. It says the same on every host: what depends on the
 * host (where its control groups are) is found out by the Vagrantfile itself, when Vagrant reads
 * it.
 */
public final class Vagrantfile {
  /** The label of a container that says in which directory its Vagrantfile is. */
  public static final String DIRECTORY_LABEL = "dev.clusterctl.vagrant";

  private static final String MYSQL = "scripts/provision/mysql.sh";
  private static final String PROXY = "scripts/provision/proxy.sh";
  private static final int USUAL_PREFIX = 24;

  private final Topology topology;
  private final String image;
  private final boolean provisions;
  private final StringBuilder text = new StringBuilder(Header.comment("#"));

  private Vagrantfile(Topology topology, String image, boolean provisions) {
    this.topology = topology;
    this.image = image;
    this.provisions = provisions;
  }

  /**
   * The one that is kept with a cluster.yaml: with it alone, Vagrant makes machines that have their
   * programs. It names clusterctl's own image by its family's name, without a version.
   */
  static String committed(Topology topology) {
    Machines machines = topology.machines();
    String image = machines.image().orElse("clusterctl/" + machines.os().label() + "-vagrant");
    return new Vagrantfile(topology, image, true).text();
  }

  /**
   * The one that clusterctl runs itself: the same machines, on which it then installs everything
   * over SSH.
   *
   * @param image what containers are made from; only looked at where the backend makes some
   */
  public static String machinesOnly(Topology topology, String image) {
    return new Vagrantfile(topology, image, false).text();
  }

  /**
   * More for {@link #machinesOnly}, with which Vagrant knows machines again that the topology has
   * no longer, so that it can remove them.
   */
  public static String strays(Topology topology, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("\nVagrant.configure(\"2\") do |config|\n");
    for (String name : names) {
      text.append("  config.vm.define %s do |machine|\n".formatted(quote(name)));
      if (topology.machines().containers()) {
        text.append("    machine.vm.provider(\"docker\") { |d| d.image = \"removed\" }\n");
      }
      text.append("  end\n");
    }
    return text.append("end\n").toString();
  }

  /** The name of a machine's container: they share one name space, whatever cluster they are of. */
  public static String container(Topology topology, Machine machine) {
    return "clusterctl-" + topology.name() + "-" + machine.name();
  }

  private String text() {
    text.append(
        provisions
            ? """
              # `vagrant up` makes the machines and installs the programs (scripts/provision). `clusterctl up`
              # does that too, and makes a cluster of them: it runs a file like this in a directory of its own.
              """
            : """
              # The machines alone: what runs on them comes over SSH.
              """);
    if (topology.machines().containers()) {
      containers();
    }
    text.append("Vagrant.configure(\"2\") do |config|\n");
    if (!topology.machines().containers()) {
      text.append("  config.vm.box = %s\n".formatted(quote(topology.machines().box().orElse(""))))
          .append(
              """
                # A newer box changes what machines are made from: nobody is asked for one behind your back.
                config.vm.box_check_update = false
              """);
    }
    text.append(
        """
          # Seconds. The first boot of a small machine is slow.
          config.vm.boot_timeout = 600
          config.winrm.timeout = 600
          # The machines need nothing of this folder.
          config.vm.synced_folder ".", "/vagrant", disabled: true
        """);
    topology.nodes().forEach(n -> machine(n.machine(), MYSQL));
    topology.proxy().ifPresent(p -> p.machines().forEach(m -> machine(m, PROXY)));
    return text.append("end\n").toString();
  }

  /** What all containers are run with, so that each can be a machine with systemd. */
  private void containers() {
    text.append(
        """

        # systemd must be able to write its part of the control groups. Hosts with both versions of them
        # have the second one, which it needs, in a directory of its own.
        cgroups = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].find { |tree| File.exist?("#{tree}/cgroup.procs") }
        container = [
          "--cgroupns=host", "--volume=#{cgroups}:/sys/fs/cgroup:rw",
          # It mounts, and sets up name spaces for its services; tests cut the network inside the machine.
          "--cap-add=SYS_ADMIN", "--cap-add=NET_ADMIN",
          "--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined",
          # Packages' configuration scripts run from /tmp.
          "--tmpfs=/run", "--tmpfs=/tmp:exec,mode=1777",
          # The data is on the disk itself, not on the image's layered file system.
          "--volume=/var/lib/mysql",
          "--env=container=docker", "--stop-signal=SIGRTMIN+3", "--restart=no",
        """);
    text.append("  %s,\n".formatted(quote("--label=dev.clusterctl.cluster=" + topology.name())));
    text.append("  \"--label=%s=#{__dir__}\",\n]\n\n".formatted(DIRECTORY_LABEL));
  }

  private void machine(Machine machine, String script) {
    text.append(
        """

          config.vm.define %1$s do |machine|
            machine.vm.hostname = %1$s
            machine.vm.network "private_network", ip: %2$s%3$s
        """
            .formatted(
                quote(machine.name().value()), quote(machine.address().value()), netmask(machine)));
    text.append(
        switch (topology.machines().backend()) {
          case VIRTUALBOX -> virtualBox(machine);
          case LIBVIRT -> libvirt(machine);
          case DOCKER -> docker(machine);
        });
    if (provisions) {
      text.append(
          """
              machine.vm.provision "shell", path: %s, args: ["apply"]
          """
              .formatted(quote(script)));
    }
    text.append("  end\n");
  }

  private static String virtualBox(Machine machine) {
    return """
            machine.vm.provider "virtualbox" do |vb|
              vb.name = %s
              vb.memory = %d
              vb.gui = false
            end
        """
        .formatted(quote(machine.name().value()), machine.memory());
  }

  private String libvirt(Machine machine) {
    return """
            machine.vm.provider "libvirt" do |lv|
              lv.driver = "kvm"
              lv.memory = %d
              # Domains are named after the directory otherwise, which many clusters share.
              lv.default_prefix = %s
            end
        """
        .formatted(machine.memory(), quote(topology.name() + "-"));
  }

  private String docker(Machine machine) {
    return """
            machine.vm.provider "docker" do |d|
              d.image = %1$s
              d.name = %2$s
              d.has_ssh = true
              d.cmd = ["/sbin/init"]
              # No swap: the second number is the sum of both.
              d.create_args = container + ["--memory=%3$dm", "--memory-swap=%3$dm"]
              # Seconds. A database needs more than Vagrant's one to shut down.
              d.stop_timeout = 60
            end
        """
        .formatted(quote(image), quote(container(topology, machine)), machine.memory());
  }

  /**
   * Docker's networks are found by it: without one Vagrant would take any network that has the
   * address. The others take a 24-bit one for granted.
   */
  private String netmask(Machine machine) {
    int prefix = topology.machines().subnetPrefix();
    if (topology.machines().backend() == Machines.Backend.DOCKER) {
      return ", netmask: " + prefix;
    }
    return prefix == USUAL_PREFIX ? "" : ", netmask: " + quote(dotted(machine.address(), prefix));
  }

  private static String dotted(IpAddress address, int prefix) {
    String pattern = address.netmaskPattern(prefix);
    return pattern.substring(pattern.indexOf('/') + 1);
  }

  /** A Ruby string without interpolation. */
  private static String quote(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
