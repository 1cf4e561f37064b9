package dev.clusterctl.machine;

import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A program in Vagrant's place that says what a test wants, and notes what it was asked. */
final class FakeVagrant {
  private final Path directory;
  private final Path program;
  private final Path asked;

  /**
   * @param directory an empty one
   */
  FakeVagrant(Path directory) throws IOException {
    this.directory = directory;
    this.program = directory.resolve("vagrant");
    this.asked = directory.resolve("asked");
    answers("exit 0");
  }

  /**
   * From now on it runs this script of bash after it has noted its arguments; {@code $1} is the
   * command, such as {@code up}, the rest are its arguments.
   */
  void answers(String script) throws IOException {
    Files.writeString(
        program,
        """
        #!/bin/bash
        [ "$1" != --version ] || { echo 'Vagrant 2.3.4'; exit 0; }
        shift
        echo "$@" >>'%s'
        """
                .formatted(asked)
            + script
            + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  /** It does nothing but this. */
  void is(String script) throws IOException {
    Files.writeString(program, "#!/bin/bash\n" + script + "\n");
  }

  /** What it was asked, a line for each call. */
  List<String> asked() throws IOException {
    return Files.exists(asked) ? Files.readAllLines(asked) : List.of();
  }

  /** What libvirt would make, as nothing of it is asked but Vagrant. */
  Topology topology() throws IOException {
    Path file = directory.resolve("cluster.yaml");
    Files.writeString(
        file,
        """
        name: fake
        machines: {provider: vagrant, backend: libvirt, os: ubuntu-24.04, box: some/box}
        mysql: {version: 8.4, packages: apt}
        replication: {mode: multi-primary}
        nodes:
          - {name: db1, address: 192.168.56.11}
          - {name: db2, address: 192.168.56.12}
          - {name: db3, address: 192.168.56.13}
        """);
    return TopologyReader.read(file).topology().orElseThrow();
  }

  VagrantProvider provider() throws IOException {
    return new VagrantProvider(topology(), directory.resolve("state"), program.toString());
  }

  /** A provider whose Vagrant has made machines already. */
  VagrantProvider providerWith(String... machines) throws IOException {
    VagrantProvider provider = provider();
    provider.directory().write(VagrantDirectory.VAGRANTFILE, provider.vagrantfile());
    for (String machine : machines) {
      provider
          .directory()
          .write(".vagrant/machines/" + machine + "/libvirt/id", "id-of-" + machine);
    }
    return provider;
  }
}
