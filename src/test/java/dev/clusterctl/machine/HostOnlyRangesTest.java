package dev.clusterctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostOnlyRangesTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "192.168.56.11, true",
    "192.168.63.254, true",
    "192.168.64.1, false",
    "192.168.16.13, false",
    "10.0.0.5, false"
  })
  void withoutAFileOneRangeIsAllowed(String address, boolean allowed) throws Exception {
    assertThat(HostOnlyRanges.of(directory.resolve("none")).allow(new IpAddress(address)))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({"10.9.8.7, true", "192.168.16.13, true", "172.16.0.1, false", "11.0.0.1, false"})
  void aFilesRangesCountInstead(String address, boolean allowed) throws Exception {
    Path file = directory.resolve("networks.conf");
    Files.writeString(file, "# ours\n\n* 10.0.0.0/8   192.168.0.0/16\n* 2001::/64\nnonsense\n");
    assertThat(HostOnlyRanges.of(file).allow(new IpAddress(address))).isEqualTo(allowed);
  }

  @Test
  void theLineToAddIsPrintedAndKeepsWhatWasAllowedBefore() throws Exception {
    Topology elaporan = TopologyReader.read(Path.of("cluster.yaml")).topology().orElseThrow();
    MachineException objection =
        HostOnlyRanges.of(directory.resolve("none")).objection(elaporan).orElseThrow();
    assertThat(objection)
        .hasMessageContaining("192.168.16.13, 192.168.16.14, 192.168.16.15, 192.168.16.12")
        .hasMessageContaining("192.168.56.0/21");
    assertThat(objection.advice())
        .contains("/etc/vbox/networks.conf")
        .contains(": * 192.168.56.0/21 192.168.16.0/24 (");
    Path file = directory.resolve("networks.conf");
    Files.writeString(file, "* 192.168.56.0/21 192.168.16.0/24\n");
    assertThat(HostOnlyRanges.of(file).objection(elaporan)).isEmpty();
    Files.writeString(file, "* 10.0.0.0/8\n");
    assertThat(HostOnlyRanges.of(file).objection(elaporan).orElseThrow().advice())
        .contains(": * 192.168.16.0/24 (");
  }

  @Test
  void aFileThatCannotBeReadIsSaid() {
    assertThatThrownBy(() -> HostOnlyRanges.of(directory))
        .isInstanceOf(MachineException.class)
        .hasMessageContaining(directory.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "6.1.26r145957, false",
    "6.1.28r147628, true",
    "6.0.30r1, false",
    "5.2.44r139111, false",
    "7.0.20_Debianr163906, true",
    "7.1.4r165100, true",
    "unknown, true"
  })
  void theRangesCountFromVirtualBox6128On(String version, boolean restricted) {
    assertThat(VirtualBoxBackend.restricted(List.of("WARNING: something", version)))
        .isEqualTo(restricted);
  }

  @Test
  void theMemoryOfVirtualMachinesIsReadFromWhatTheirProgramsPrint() {
    assertThat(VirtualBoxBackend.memoryIn(List.of("name=\"db1\"", "memory=512", "vram=8")))
        .hasValue(512);
    assertThat(LibvirtBackend.memoryIn(List.of("Id:  3", "Max memory:     524288 KiB")))
        .hasValue(512);
    assertThat(LibvirtBackend.memoryIn(List.of("error: failed to get domain"))).isEmpty();
  }
}
