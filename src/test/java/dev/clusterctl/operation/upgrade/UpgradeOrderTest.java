package dev.clusterctl.operation.upgrade;

import static dev.clusterctl.operation.upgrade.UpgradeExamples.GROUP;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.half;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.runs;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.silent;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.topology;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.version;
import static dev.clusterctl.operation.upgrade.UpgradeExamples.writes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.UpgradePath;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UpgradeOrderTest {
  private static final List<NodeName> NAMES =
      List.of(new NodeName("db1"), new NodeName("db2"), new NodeName("db3"));

  @Test
  void whoTakesTheWritesIsTheLast() {
    assertThat(order(writes("db1", "8.0.46"), runs("db2", "8.0.46"), runs("db3", "8.0.46")))
        .containsExactly("db2", "db3", "db1");
    assertThat(order(runs("db1", "8.0.46"), writes("db2", "8.0.46"), runs("db3", "8.0.46")))
        .containsExactly("db1", "db3", "db2");
    assertThat(order(runs("db1", "8.0.46"), runs("db2", "8.0.46"), writes("db3", "8.0.46")))
        .containsExactly("db1", "db2", "db3");
  }

  @Test
  void whatWasBegunIsFinishedBeforeAnythingElseIsTouched() {
    assertThat(
            order(runs("db1", "8.0.46"), writes("db2", "8.0.46"), half("db3", "8.0.46", "8.0.46")))
        .containsExactly("db3", "db1", "db2");
    // Installed, and killed before it was started.
    assertThat(order(runs("db1", "8.0.46"), writes("db2", "8.0.46"), silent("db3", "8.4.6")))
        .containsExactly("db3", "db1", "db2");
    // The one that was the last, once the others have the new version and one of them the writes.
    assertThat(order(half("db1", "8.0.46", "8.4.6"), writes("db2", "8.4.6"), runs("db3", "8.4.6")))
        .containsExactly("db1", "db2", "db3");
  }

  @Test
  void thoseThatAreDoneAreLookedAtBeforeAnotherOneGoes() {
    assertThat(order(writes("db1", "8.0.46"), runs("db2", "8.0.46"), runs("db3", "8.4.6")))
        .containsExactly("db3", "db2", "db1");
    // A change of roles happened, and the source before is still to come.
    assertThat(order(runs("db1", "8.0.46"), writes("db2", "8.4.6"), runs("db3", "8.4.6")))
        .containsExactly("db2", "db3", "db1");
    assertThat(order(runs("db1", "8.4.6"), writes("db2", "8.4.6"), runs("db3", "8.4.6")))
        .containsExactly("db1", "db2", "db3");
  }

  /** Each node is upgraded in turn, and the plan made anew after it, as if it had been killed. */
  @Test
  void aRunThatIsBegunAnewAfterEachNodeGoesTheSameWay() {
    List<NodeState> nodes =
        new ArrayList<>(
            List.of(writes("db1", "8.0.46"), runs("db2", "8.0.46"), runs("db3", "8.0.46")));
    List<String> done = new ArrayList<>();
    while (nodes.stream().anyMatch(n -> !n.done(topology("8.4.6", GROUP).mysql()))) {
      NodeName next =
          UpgradeOrder.of(nodes, topology("8.4.6", GROUP).mysql()).stream()
              .filter(
                  name ->
                      nodes.stream()
                          .anyMatch(
                              n ->
                                  n.node().equals(name)
                                      && !n.done(topology("8.4.6", GROUP).mysql())))
              .findFirst()
              .orElseThrow();
      done.add(next.value());
      nodes.replaceAll(n -> n.node().equals(next) ? runs(next.value(), "8.4.6") : n);
    }
    assertThat(done).containsExactly("db2", "db3", "db1");
  }

  @Test
  void inAGroupOfTwoVersionsThePrimaryIsLeftToTheGroupsOwnElection() {
    assertThat(departure("8.0.46", "8.4.6", "db3", Mode.SINGLE_PRIMARY))
        .isEqualTo(new GroupDeparture(false, Optional.empty()));
    assertThat(departure("9.7.3", "9.7.4", "db3", Mode.SINGLE_PRIMARY))
        .isEqualTo(new GroupDeparture(false, Optional.empty()));
  }

  @Test
  void whereTheOthersAreEqualOrOlderThePrimaryHandsOver() {
    assertThat(departure("8.0.13", "8.0.16", "db3", Mode.SINGLE_PRIMARY))
        .isEqualTo(new GroupDeparture(true, Optional.empty()));
    assertThat(departure("9.7.4", "9.7.3", "db3", Mode.SINGLE_PRIMARY))
        .isEqualTo(new GroupDeparture(true, Optional.empty()));
  }

  @Test
  void theLastOfAMultiPrimaryGroupTakesAllWritesUntilItLeaves() {
    for (String node : List.of("db1", "db2")) {
      assertThat(departure("8.0.46", "8.4.6", node, Mode.MULTI_PRIMARY))
          .isEqualTo(new GroupDeparture(false, Optional.of(new NodeName("db3"))));
    }
    assertThat(departure("8.0.46", "8.4.6", "db3", Mode.MULTI_PRIMARY))
        .isEqualTo(new GroupDeparture(false, Optional.of(new NodeName("db1"))));
  }

  private static GroupDeparture departure(String from, String to, String node, Mode mode) {
    return GroupDeparture.of(
        NAMES, new NodeName(node), new UpgradePath(version(from), version(to)), mode);
  }

  private static List<String> order(NodeState... nodes) {
    return UpgradeOrder.of(List.of(nodes), topology("8.4.6", GROUP).mysql()).stream()
        .map(NodeName::value)
        .toList();
  }
}
