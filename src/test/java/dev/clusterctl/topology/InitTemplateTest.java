package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitTemplateTest {
  private static ReadResult read(String text) {
    return TopologyReader.readText(text, Path.of("cluster.yaml"));
  }

  @ParameterizedTest
  @EnumSource(Machines.Provider.class)
  void whatItWritesIsReadWithoutAProblem(Machines.Provider provider) {
    for (int nodes : new int[] {3, 5, 7, 9}) {
      ReadResult result =
          read(InitTemplate.text("my-shop", provider, Replication.Type.GROUP, nodes));
      assertThat(result.problems()).isEmpty();
      Topology topology = result.topology().orElseThrow();
      assertThat(topology.name()).isEqualTo("my-shop");
      assertThat(topology.machines().provider()).isEqualTo(provider);
      assertThat(topology.nodes()).hasSize(nodes);
      assertThat(topology.proxy()).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource(Machines.Provider.class)
  void whatItSuggestsInCommentsIsRightToo(Machines.Provider provider) {
    String uncommented =
        InitTemplate.text("shop", provider, Replication.Type.GROUP, 3)
            .replaceAll("(?m)^(  +)# (?=[ a-z_-]+:)", "$1");
    assertThat(uncommented).contains("\n  memory: 512").contains("\n    max_connections: 200");
    assertThat(read(uncommented).problems()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Replication.Type.class)
  void eachWayToReplicateIsReadWithoutAProblemWithAndWithoutItsComments(Replication.Type type) {
    for (Machines.Provider provider : Machines.Provider.values()) {
      String text = InitTemplate.text("shop", provider, type, 3);
      for (String one : List.of(text, text.replaceAll("(?m)^(  +)# (?=[ a-z_-]+:)", "$1"))) {
        ReadResult result = read(one);
        assertThat(result.problems()).isEmpty();
        assertThat(result.topology().orElseThrow().replication().type()).isEqualTo(type);
      }
    }
  }

  @Test
  void twoNodesAreWrittenAndWarnedAbout() {
    ReadResult result =
        read(InitTemplate.text("shop", Machines.Provider.DOCKER, Replication.Type.GROUP, 2));
    assertThat(result.topology()).isPresent();
    assertThat(result.warnings()).hasSize(1);
  }

  @Test
  void clustersOfDifferentNamesGetDifferentNetworks() {
    assertThat(
            InitTemplate.text("one", Machines.Provider.DOCKER, Replication.Type.GROUP, 3)
                .replace("one", "two"))
        .isNotEqualTo(
            InitTemplate.text("two", Machines.Provider.DOCKER, Replication.Type.GROUP, 3));
  }

  @Test
  void aNameOrNumberThatCannotBeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> InitTemplate.text("My Shop", Machines.Provider.DOCKER, Replication.Type.GROUP, 3))
        .withMessageContaining("'My Shop'");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> InitTemplate.text("shop", Machines.Provider.DOCKER, Replication.Type.GROUP, 10))
        .withMessageContaining("10");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> InitTemplate.text("shop", Machines.Provider.DOCKER, Replication.Type.GROUP, 0));
  }
}
