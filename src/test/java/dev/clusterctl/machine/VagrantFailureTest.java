package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vagrant's own words (2.3.4), with line ends where it breaks them. */
class VagrantFailureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          The box 'a/b' could not be found or\\ncould not be accessed in the remote catalog. If this is | vagrant box add
          An error occurred while downloading the remote file. The error\\nmessage, if any, is reproduced below. | vagrant box add
          The provider 'libvirt' could not be found, but was requested to\\nback the machine 'db1'. | vagrant-libvirt
          Error while connecting to Libvirt: Error making a connection | usermod -aG libvirt
          The provider 'virtualbox' that was requested to back the machine\\n'db1' is reporting that it isn't usable on this system. | machines.backend
          VBoxManage: error: VT-x is not available (VERR_VMX_NO_VMX) | firmware
          The IP address configured for the host-only network is not within the\\nallowed ranges. | networks.conf
          Timed out while waiting for the machine to boot. | console
          An active machine was found with a different provider. Vagrant\\ncurrently allows | clusterctl down
          A VirtualBox machine with the name 'db1' already exists.\\nPlease use another name | rename or remove
          The specified host network collides with a non-hostonly network! | choose other addresses in
          docker: Error response from daemon: Address already in use. | choose other addresses in
          docker: Error response from daemon: pull access denied for x, repository does not exist | machines.image
          write /var/lib: no space left on device No space left on device | df -h
          Something new | by hand
          """)
  void whatIsKnownComesWithWhatToDo(String said, String advice) {
    VagrantCli.Outcome outcome =
        new VagrantCli.Outcome(
            1,
            List.of(
                VagrantLine.parse("1,,ui,error," + said.replace(",", "%!(VAGRANT_COMMA)"))
                    .orElseThrow()),
            List.of());
    MachineException failure =
        VagrantFailure.of(
            "make the machines", outcome, Path.of("/x/cluster.yaml"), Path.of("/x/v"));
    assertThat(failure.advice()).contains(advice);
    assertThat(failure).hasMessageContaining("Vagrant can't make the machines (exit status 1)");
  }

  @Test
  void theLongCommandLinesThatVagrantRepeatsAreLeftOut() {
    VagrantCli.Outcome outcome =
        new VagrantCli.Outcome(
            1,
            List.of(
                VagrantLine.parse(
                        "1,,ui,error,It failed!\\n\\nCommand: [\"docker\"]\\n\\nStderr: why")
                    .orElseThrow()),
            List.of());
    assertThat(VagrantFailure.of("x", outcome, Path.of("f"), Path.of("d")))
        .hasMessage("Vagrant can't x (exit status 1): It failed!\nStderr: why");
  }

  @Test
  void whatIsNoMachineReadableLineIsSaidWhereNothingElseIs() {
    VagrantCli.Outcome outcome =
        new VagrantCli.Outcome(1, List.of(), List.of("stack", "LoadError: no such file"));
    assertThat(outcome.why()).isEqualTo("stack\nLoadError: no such file");
  }

  @Test
  void machineReadableLinesAreUnescaped() {
    assertThat(VagrantLine.parse("1795237071,db1,state,running"))
        .contains(new VagrantLine("db1", "state", List.of("running")));
    assertThat(VagrantLine.parse("1,,ui,info,a%!(VAGRANT_COMMA) b\\nc").orElseThrow().shown())
        .contains("a, b\nc");
    assertThat(VagrantLine.parse("/usr/lib/ruby/x.rb:1: warning: a, b, c")).isEmpty();
    assertThat(VagrantLine.parse("")).isEmpty();
  }
}
