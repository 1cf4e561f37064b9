package dev.clusterctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.Packages;
import dev.clusterctl.topology.Packages.Deb;
import dev.clusterctl.topology.Packages.Source;
import dev.clusterctl.topology.Topology;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProvisionScriptTest {
  private static final String URL = "https://a.test/server.deb";

  @Test
  void aFileHasTheSumOfClusterYamlElseThePinnedOneElseNone() {
    PackageLock lock = PackageLock.EMPTY.with(new PackageLock.Pin(URL, "b".repeat(64), 1));

    assertThat(script(Optional.empty(), PackageLock.EMPTY)).contains("'server.deb - " + URL + "'");
    assertThat(script(Optional.empty(), lock))
        .contains("'server.deb " + "b".repeat(64) + " " + URL + "'");
    assertThat(script(Optional.of("a".repeat(64)), lock))
        .contains("'server.deb " + "a".repeat(64) + " " + URL + "'");
  }

  private static String script(Optional<String> sha256, PackageLock lock) {
    Packages packages = new Packages(Source.DEBS, List.of(new Deb(List.of(URL), sha256)));
    return ProvisionScript.mysql(
        TestTopologies.withPackages(TestTopologies.elaporan(), packages), lock);
  }

  @Test
  void mysqlsRepositoryIsThereOnlyWhereItIsUsed() {
    Topology apt =
        TestTopologies.withPackages(TestTopologies.sandbox(), new Packages(Source.APT, List.of()));
    assertThat(ProvisionScript.mysql(apt, PackageLock.EMPTY))
        .contains("apt_components='mysql-9.7-lts'")
        .contains("apt_key_fingerprint='BCA43417C3B485DD128EC6D4B7B3B788A8D3785C'")
        .contains("use_mysql_repository() {");
    assertThat(ProvisionScript.mysql(TestTopologies.sandbox(), PackageLock.EMPTY))
        .doesNotContain("apt_key");
  }

  @Test
  void serversAreOpenToTheClustersMachinesAndTheGroupsPortToItsMembers() {
    assertThat(rules(TestTopologies.elaporan()))
        .containsExactly(
            "192.168.16.13 3306",
            "192.168.16.14 3306",
            "192.168.16.15 3306",
            "192.168.16.12 3306",
            "192.168.16.13 33061",
            "192.168.16.14 33061",
            "192.168.16.15 33061");
    // With MySQL's own communication stack the group has no port of its own.
    assertThat(rules(TestTopologies.sandbox()))
        .containsExactly(
            "10.99.2.11 3306", "10.99.2.12 3306", "10.99.2.13 3306", "10.99.2.10 3306");
  }

  @Test
  void withoutAProxyServersAreOpenToTheMachinesNetwork() {
    Topology t = TestTopologies.elaporan();
    Topology bare =
        new Topology(
            t.file(),
            t.name(),
            t.machines(),
            t.mysql(),
            t.replication(),
            t.nodes(),
            Optional.empty(),
            t.databases());
    assertThat(rules(bare))
        .containsExactly(
            "192.168.16.0/24 3306",
            "192.168.16.13 33061",
            "192.168.16.14 33061",
            "192.168.16.15 33061");
  }

  private static List<String> rules(Topology topology) {
    String script = ProvisionScript.mysql(topology, PackageLock.EMPTY);
    String list = script.substring(script.indexOf("\nrules=(") + 8);
    return list.substring(0, list.indexOf(")"))
        .lines()
        .map(line -> line.replace("'", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }
}
