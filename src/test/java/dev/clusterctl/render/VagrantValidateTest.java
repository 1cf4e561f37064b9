package dev.clusterctl.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Vagrant reads what is rendered. Needs neither VirtualBox nor libvirt. */
@Tag("integration")
class VagrantValidateTest {
  @TempDir Path directory;

  @BeforeEach
  void vagrantIsThere() {
    assumeThat(
            Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(part -> Files.isExecutable(Path.of(part, "vagrant"))))
        .as("Vagrant is on this host; scripts/test.sh installs it where Debian has it")
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cluster.yaml", "examples/simkp.yaml"})
  void vagrantTakesTheCommittedSystems(String file) throws Exception {
    validate(TopologyReader.read(Path.of(file)).topology().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"libvirt, box: a/b", "docker", "docker, image: \"mine:1\""})
  void vagrantTakesTheOtherBackends(String backend) throws Exception {
    validate(topology(backend));
  }

  @Test
  void whatVagrantRefusesWouldBeSeen() throws Exception {
    Files.writeString(directory.resolve("Vagrantfile"), "Vagrant.configure('2') { |c| c.x.y = 1 }");
    assertThat(vagrantValidate()).isNotEqualTo("0");
  }

  private Topology topology(String backend) throws IOException {
    Path file = directory.resolve("cluster.yaml");
    Files.writeString(
        file,
        """
        name: other
        machines: {provider: vagrant, backend: %s, os: debian-sid, subnet-prefix: 20}
        mysql: {version: 9.7}
        nodes:
          - {name: db1, address: 192.168.56.11}
          - {name: db2, address: 192.168.56.12}
          - {name: db3, address: 192.168.56.13}
        """
            .formatted(backend));
    return TopologyReader.read(file).topology().orElseThrow();
  }

  private void validate(Topology topology) throws Exception {
    Files.writeString(directory.resolve("Vagrantfile"), Vagrantfile.committed(topology));
    Path scripts = Files.createDirectories(directory.resolve("scripts/provision"));
    // Vagrant wants them to be there, and doesn't look into them.
    Files.writeString(scripts.resolve("mysql.sh"), "");
    Files.writeString(scripts.resolve("proxy.sh"), "");
    assertThat(vagrantValidate()).isEqualTo("0");
  }

  /** Its exit status; with what it said where that isn't 0. */
  private String vagrantValidate() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("vagrant", "validate", "--ignore-provider")
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().put("VAGRANT_CHECKPOINT_DISABLE", "1");
    builder.environment().put("VAGRANT_HOME", directory.resolve("home").toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    return status == 0 ? "0" : status + ": " + said;
  }
}
