package dev.clusterctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.Machines;
import dev.clusterctl.topology.Topology;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VagrantfileTest {

  @Test
  void containersGetTheirOptionsAndFindTheControlGroupsByThemselves() {
    String text = Vagrantfile.committed(with(Machines.Backend.DOCKER, 24, Optional.empty()));
    assertThat(text)
        .contains("File.exist?(\"#{tree}/cgroup.procs\")")
        .contains("\"--volume=#{cgroups}:/sys/fs/cgroup:rw\"")
        .contains("\"--volume=/var/lib/mysql\"")
        .contains("'--label=dev.clusterctl.cluster=elaporan'")
        .contains("\"--label=dev.clusterctl.vagrant=#{__dir__}\"")
        .contains("ip: '192.168.16.13', netmask: 24\n")
        .contains("d.image = 'clusterctl/ubuntu-16.04-vagrant'\n")
        .contains("d.name = 'clusterctl-elaporan-db1'\n")
        .contains("d.has_ssh = true\n", "d.cmd = [\"/sbin/init\"]\n")
        .contains("container + [\"--memory=512m\", \"--memory-swap=512m\"]")
        .doesNotContain("config.vm.box ", "virtualbox");
  }

  @Test
  void anImageOfTheUsersOwnIsNamedInBoth() {
    Topology topology = with(Machines.Backend.DOCKER, 24, Optional.of("mine:1"));
    assertThat(Vagrantfile.committed(topology)).contains("d.image = 'mine:1'\n");
  }

  @Test
  void libvirtsDomainsAreNamedAfterTheCluster() {
    assertThat(Vagrantfile.committed(with(Machines.Backend.LIBVIRT, 24, Optional.empty())))
        .contains("config.vm.box = 'bento/ubuntu-16.04'\n")
        .contains("machine.vm.provider \"libvirt\" do |lv|\n")
        .contains("lv.driver = \"kvm\"\n", "lv.memory = 512\n")
        .contains("lv.default_prefix = 'elaporan-'\n");
  }

  @Test
  void networksThatAreNotOf24BitsAreSaid() {
    assertThat(Vagrantfile.committed(with(Machines.Backend.VIRTUALBOX, 20, Optional.empty())))
        .contains("ip: '192.168.16.13', netmask: '255.255.240.0'\n");
    assertThat(Vagrantfile.committed(with(Machines.Backend.DOCKER, 20, Optional.empty())))
        .contains("ip: '192.168.16.13', netmask: 20\n");
  }

  @Test
  void whatClusterctlRunsItselfProvisionsNothing() {
    Topology topology = with(Machines.Backend.DOCKER, 24, Optional.empty());
    assertThat(Vagrantfile.machinesOnly(topology, "exactly:this"))
        .contains("d.image = 'exactly:this'\n")
        .doesNotContain("provision ");
  }

  @Test
  void namesAreRubyStringsWithoutInterpolation() {
    assertThat(
            Vagrantfile.strays(
                with(Machines.Backend.VIRTUALBOX, 24, Optional.empty()), List.of("it's #{x}\\")))
        .contains("config.vm.define 'it\\'s #{x}\\\\' do");
  }

  private static Topology with(Machines.Backend backend, int prefix, Optional<String> image) {
    Topology t = TestTopologies.elaporan();
    Machines m = t.machines();
    return TestTopologies.withMachines(
        t,
        new Machines(
            m.provider(), backend, m.os(), m.box(), image, m.memory(), prefix, m.mirror()));
  }
}
