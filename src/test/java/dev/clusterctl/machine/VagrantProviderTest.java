package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.machine.MachineProvider.State;
import dev.clusterctl.remote.Endpoint;
import dev.clusterctl.step.Step;
import dev.clusterctl.step.Step.Check;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clusterctl asks of Vagrant, and what it makes of the answers. */
class VagrantProviderTest {
  private static final NodeName DB1 = new NodeName("db1");
  private static final NodeName DB2 = new NodeName("db2");
  private static final NodeName DB3 = new NodeName("db3");

  private static final String SSH_OF_DB1 =
      "1,db1,ssh-config,Host db1\\n  HostName 127.0.0.1\\n  User vagrant\\n  Port 2222\\n"
          + "  IdentityFile \"/a b/private_key\"\\n  IdentityFile /other\\n";
  private static final String NOT_READY = "1,,error-exit,Vagrant::Errors::SSHNotReady,Not ready.";

  @TempDir Path directory;
  private FakeVagrant vagrant;

  @BeforeEach
  void putItInPlace() throws IOException {
    vagrant = new FakeVagrant(directory);
  }

  @Test
  void withoutVagrantItSaysHowToGetIt() throws Exception {
    Files.delete(directory.resolve("vagrant"));
    assertThatThrownBy(() -> step(vagrant.provider(), VagrantReadyStep.ID).check())
        .isInstanceOf(MachineException.class)
        .hasMessageContaining("the vagrant command can't be run")
        .satisfies(e -> assertThat(advice(e)).contains("apt-get install", "vagrant"));
  }

  @Test
  void aBrokenVagrantIsShownByItsLastLines() throws Exception {
    vagrant.is("echo 'rubygems.rb:283: can not find gem net-ssh (Gem::LoadError)' >&2; exit 7");
    assertThatThrownBy(() -> step(vagrant.provider(), VagrantReadyStep.ID).check())
        .isInstanceOf(MachineException.class)
        .hasMessageContaining("exit status 7")
        .hasMessageContaining("can not find gem net-ssh");
  }

  @Test
  void anOldVagrantIsRefused() throws Exception {
    vagrant.is("echo Vagrant 1.9.1");
    assertThatThrownBy(() -> step(vagrant.provider(), VagrantReadyStep.ID).check())
        .hasMessageContaining("1.9.1")
        .hasMessageContaining("2.2.0");
  }

  @Test
  void whereNothingWasMadeVagrantIsNotEvenAsked() throws Exception {
    assertThat(vagrant.provider().survey())
        .isEqualTo(Map.of(DB1, State.ABSENT, DB2, State.ABSENT, DB3, State.ABSENT));
    assertThat(vagrant.asked()).isEmpty();
  }

  @Test
  void whereAllRunOneCallSaysEverything() throws Exception {
    vagrant.answers(
        """
        for name in db1 db2 db3; do echo '%s' | sed "s/db1/$name/g"; done
        """
            .formatted(SSH_OF_DB1));
    VagrantProvider provider = vagrant.providerWith("db1", "db2", "db3");
    assertThat(provider.survey())
        .isEqualTo(Map.of(DB1, State.RUNNING, DB2, State.RUNNING, DB3, State.RUNNING));
    provider.directory().pin(DB1, "id-of-db1", List.of("ssh-ed25519 AAAA"));
    assertThat(provider.endpoint(DB1))
        .isEqualTo(
            new Endpoint(
                "db1",
                "127.0.0.1",
                2222,
                "vagrant",
                Path.of("/a b/private_key"),
                List.of("ssh-ed25519 AAAA")));
    assertThat(vagrant.asked()).containsExactly("ssh-config");
  }

  @Test
  void whereOneIsHaltedTheOthersAreReachedAllTheSame() throws Exception {
    vagrant.answers(
        """
        case "$*" in
          ssh-config) echo '%s'; exit 1 ;;
          status) printf '1,%%s,state,%%s\\n' db1 running db2 poweroff db3 running ;;
          'ssh-config db1 db3') for name in db1 db3; do echo '%s' | sed "s/db1/$name/g"; done ;;
        esac
        """
            .formatted(NOT_READY, SSH_OF_DB1));
    VagrantProvider provider = vagrant.providerWith("db1", "db2", "db3");
    assertThat(provider.survey())
        .isEqualTo(Map.of(DB1, State.RUNNING, DB2, State.STOPPED, DB3, State.RUNNING));
    assertThat(provider.ssh(DB3).port()).isEqualTo(2222);
    assertThatThrownBy(() -> provider.endpoint(DB2))
        .hasMessageContaining("db2")
        .satisfies(e -> assertThat(advice(e)).contains("clusterctl up"));
    assertThat(changes(step(provider, VagrantUpStep.ID)))
        .containsExactly("start db2: it is poweroff");
  }

  @Test
  void aLookWaitsWhileAnotherVagrantHasLockedTheMachines() throws Exception {
    vagrant.answers(
        """
        if [ ! -e first ]; then
          touch first
          echo "1,,ui,error,Vagrant can't use the requested machine because it is locked! This\\nmeans"
          exit 1
        fi
        for name in db1 db2 db3; do echo '%s' | sed "s/db1/$name/g"; done
        """
            .formatted(SSH_OF_DB1));
    assertThat(vagrant.providerWith("db1", "db2", "db3").survey())
        .isEqualTo(Map.of(DB1, State.RUNNING, DB2, State.RUNNING, DB3, State.RUNNING));
    assertThat(vagrant.asked()).containsExactly("ssh-config", "ssh-config");
  }

  @Test
  void aVagrantThatAKilledRunLeftIsWaitedForBeforeAnythingElse() throws Exception {
    VagrantProvider provider = vagrant.providerWith("db1");
    Process left = new ProcessBuilder("sleep", "4712").start();
    try {
      new RunningVagrant(provider.directory().root().resolve("running")).began(left.toHandle());
      assertThat(changes(step(provider, VagrantUpStep.ID)))
          .containsExactly("wait for the vagrant that a run left which was killed");
      assertThat(vagrant.asked()).isEmpty();
    } finally {
      left.destroyForcibly().waitFor();
    }
    assertThat(provider.vagrantLeftRunning()).isEmpty();
  }

  @Test
  void aMachineWhoseHostKeyNobodyHasSeenIsNotTalkedTo() throws Exception {
    vagrant.answers("echo '%s'".formatted(SSH_OF_DB1));
    VagrantProvider provider = vagrant.providerWith("db1");
    provider.directory().pin(DB1, "an-earlier-machine", List.of("ssh-ed25519 AAAA"));
    assertThatThrownBy(() -> provider.endpoint(DB1))
        .isInstanceOf(MachineException.class)
        .hasMessageContaining("host key");
  }

  @Test
  void upMakesWithoutProvisioningWaitsForAnotherVagrantAndShowsWhatVagrantSays() throws Exception {
    vagrant.answers(
        """
        if [ ! -e first ]; then
          touch first
          echo "1,,ui,error,An action 'up' was attempted on the machine 'db1'%!(VAGRANT_COMMA)\\nbut another process is already executing an action on the machine."
          exit 1
        fi
        echo '1,db1,ui,info,==> db1: Importing base box...'
        echo '1,db1,ui,detail,\\n    db1: Key inserted!'
        """
            .strip());
    VagrantProvider provider = vagrant.providerWith();
    List<String> said = new ArrayList<>();
    step(provider, VagrantUpStep.ID).apply(said::add);
    assertThat(said)
        .containsSubsequence(
            "waiting for another vagrant, which is at the same machines",
            "db1: Importing base box...",
            "db1: Key inserted!");
    assertThat(vagrant.asked())
        .hasSize(2)
        .containsOnly(
            "up --no-provision --no-destroy-on-error --no-install-provider --provider=libvirt");
  }

  @Test
  void aMachineThatDoesNotBootIsAFailureInVagrantsWordsAndOurAdvice() throws Exception {
    vagrant.answers(
        "echo '1,,ui,error,Timed out while waiting for the machine to boot. This means that\\nVagrant"
            + " was unable to communicate with the guest machine.'; exit 1");
    VagrantProvider provider = vagrant.providerWith();
    assertThatThrownBy(() -> step(provider, VagrantUpStep.ID).apply(line -> {}))
        .isInstanceOf(MachineException.class)
        .hasMessageContaining("exit status 1")
        .hasMessageContaining("Timed out while waiting for the machine to boot")
        .satisfies(e -> assertThat(advice(e)).contains("console", "clusterctl up again"));
  }

  @Test
  void machinesOfAnotherBackendAreNotMixedWithThisOnes() throws Exception {
    VagrantProvider provider = vagrant.providerWith();
    provider.directory().write(".vagrant/machines/db1/virtualbox/id", "1");
    assertThatThrownBy(() -> step(provider, VagrantUpStep.ID).check())
        .hasMessage("db1 was made with virtualbox, but machines.backend is libvirt")
        .satisfies(e -> assertThat(advice(e)).contains("clusterctl down"));
  }

  @Test
  void downRemovesAlsoWhatTheFileNamesNoLongerAndLeavesNoDirectory() throws Exception {
    vagrant.answers("cp Vagrantfile '%s'".formatted(directory.resolve("used")));
    VagrantProvider provider = vagrant.providerWith("db1", "old");
    Step removal = provider.removal().get(0);
    assertThat(changes(removal))
        .contains("remove the machine db1 and its data", "remove the machine old and its data");
    removal.apply(line -> {});
    assertThat(vagrant.asked()).containsExactly("destroy --force");
    assertThat(directory.resolve("used")).content().contains("config.vm.define 'old'");
    assertThat(provider.directory().root()).doesNotExist();
    assertThat(removal.check()).isInstanceOf(Check.Satisfied.class);
  }

  @Test
  void downKeepsEverythingWhereVagrantCouldNotRemoveTheMachines() throws Exception {
    vagrant.answers("echo '1,,ui,error,Call to virConnectOpen failed: no socket'; exit 1");
    VagrantProvider provider = vagrant.providerWith("db1");
    assertThatThrownBy(() -> provider.removal().get(0).apply(line -> {}))
        .hasMessageContaining("virConnectOpen")
        .satisfies(e -> assertThat(advice(e)).contains("libvirtd"));
    assertThat(provider.directory().made()).containsOnlyKeys("db1");
  }

  @Test
  void strayMachinesAreRemovedByNameAndForgotten() throws Exception {
    VagrantProvider provider = vagrant.providerWith("db1", "old");
    Step strays = provider.strayRemoval().get(0);
    assertThat(changes(strays)).containsExactly("remove the machine old and its data");
    strays.apply(line -> {});
    assertThat(vagrant.asked()).containsExactly("destroy --force old");
    assertThat(step(provider, VagrantfileStep.ID).check()).isInstanceOf(Check.Satisfied.class);
  }

  @Test
  void theVagrantfileIsWrittenWhereOnlyItsOwnerMayLook() throws Exception {
    VagrantProvider provider = vagrant.provider();
    Step step = step(provider, VagrantfileStep.ID);
    assertThat(step.check()).isInstanceOf(Check.Differs.class);
    step.apply(line -> {});
    assertThat(step.check()).isInstanceOf(Check.Satisfied.class);
    assertThat(Files.getPosixFilePermissions(provider.directory().root())).hasSize(3);
    Files.writeString(provider.directory().root().resolve("Vagrantfile"), "# mine\n");
    assertThat(((Check.Differs) step.check()).diff()).contains("-# mine");
  }

  @Test
  void vagrantsVersionsAreComparedByNumbers() {
    assertThat(VagrantReadyStep.isEnough("2.2.0")).isTrue();
    assertThat(VagrantReadyStep.isEnough("2.10.1")).isTrue();
    assertThat(VagrantReadyStep.isEnough("2.4.2.dev")).isTrue();
    assertThat(VagrantReadyStep.isEnough("2.1.5")).isFalse();
    assertThat(VagrantReadyStep.isEnough("1.9.1")).isFalse();
  }

  private static Step step(VagrantProvider provider, String id) {
    return provider.creation().stream()
        .filter(step -> step.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> changes(Step step) throws Exception {
    return ((Check.Differs) step.check()).changes();
  }

  private static String advice(Throwable e) {
    return ((MachineException) e).advice();
  }
}
