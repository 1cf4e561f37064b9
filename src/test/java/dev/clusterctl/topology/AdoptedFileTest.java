package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.ServerVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AdoptedFileTest {
  private static final UUID GROUP = UUID.fromString("82a56cf6-86d5-420a-bc67-386bc98e3c8b");

  @Test
  void whatWasReadIsACompleteValidFile() {
    ReadResult read = read(file(List.of(router("router", 10), router("router2", 20)), "~/.ssh/id"));
    assertThat(read.problems()).isEmpty();
    Topology topology = read.topology().orElseThrow();
    assertThat(topology.replication().isInnodbCluster()).isTrue();
    assertThat(topology.replication().groupName()).isEqualTo(GROUP);
    assertThat(topology.replication().failover().memberExpelTimeout()).contains(5);
    assertThat(topology.nodes()).extracting(Node::serverId).containsExactly(1467L, 2210L, 77L);
    assertThat(topology.mysql().options()).containsEntry("lower_case_table_names", "1");
    assertThat(topology.machines().subnetPrefix()).isEqualTo(23);
    assertThat(topology.proxies())
        .extracting(p -> p.name().value())
        .containsExactly("router", "router2");
    assertThat(topology.proxy().orElseThrow().writePort()).isEqualTo(16446);
  }

  @Test
  void aClusterWithoutRoutersHasNoProxy() {
    Topology topology = read(file(List.of(), "/keys/my key")).topology().orElseThrow();
    assertThat(topology.proxy()).isEmpty();
    assertThat(topology.nodes().get(0).machine().ssh().orElseThrow().identityFile())
        .isEqualTo(Path.of("/keys/my key"));
  }

  private static ReadResult read(AdoptedFile file) {
    return TopologyReader.readText(file.text(), Path.of("/project/cluster.yaml"));
  }

  private static AdoptedFile file(List<AdoptedFile.Router> routers, String identityFile) {
    return new AdoptedFile(
        "prod",
        new ServerVersion(8, 4, 3),
        Optional.of(OperatingSystem.UBUNTU_22_04),
        false,
        GROUP,
        Map.of("member-expel-timeout", "5"),
        Map.of("lower_case_table_names", "1"),
        List.of(node("a", 1467, 11), node("b", 2210, 12), node("c", 77, 13)),
        routers,
        List.of("shop", "old data"),
        "admin",
        identityFile,
        List.of("a note"));
  }

  private static AdoptedFile.Member node(String name, long id, int host) {
    return new AdoptedFile.Member(new NodeName(name), new IpAddress("10.1.2." + host), id);
  }

  private static AdoptedFile.Router router(String name, int host) {
    return new AdoptedFile.Router(
        new NodeName(name),
        new IpAddress("10.1.3." + host),
        Optional.of("8.4.3"),
        16446,
        16447,
        Optional.of(16450));
  }
}
