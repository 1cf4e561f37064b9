package dev.clusterctl.operation.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.Observed;
import dev.clusterctl.topology.NodeName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** db1 is the source, db2 is to be it, db3 is another replica. */
class SwitchoverChecksTest {
  private static final String DATA = Observed.uuid(1) + ":";

  private static final SwitchoverOptions OPTIONS =
      new SwitchoverOptions(
          new NodeName("db2"), SwitchoverOptions.MOST_LAG, SwitchoverOptions.OPEN_FOR);

  private final NodeFacts source = facts(Observed.node(1).writable().executed(DATA + "1-10"));

  @Test
  void nothingSpeaksAgainstAHealthyReplica() {
    assertThat(reasons(replica(2), replica(3))).isEmpty();
  }

  @Test
  void everyReasonIsGivenAtOnceWithWhatToDo() {
    List<String> reasons =
        reasons(
            new NodeFacts(
                Observed.node(2)
                    .follows(1)
                    .executed(DATA + "1-8," + Observed.uuid(2) + ":1")
                    .lag(60)
                    .get(),
                List.of("replicate_do_db=shop"),
                Map.of("log_bin", "ON", "log_replica_updates", "OFF")),
            facts(Observed.node(3).follows(1).stopped().executed(DATA + "1-5")));
    assertThat(String.join("\n", reasons))
        .contains("db2 is 60 s behind (2 transactions)", "--max-lag")
        .contains(
            "db2 has transactions that db1 lacks (" + Observed.uuid(2) + ":1)",
            "clusterctl reseed db2")
        .contains("replicate_do_db=shop")
        .contains("log_replica_updates=OFF")
        .contains("db3 doesn't replicate (receiving: No, applying: No)", "clusterctl status");
    assertThat(reasons).hasSize(5);
  }

  @Test
  void aReplicaThatFollowsSomebodyElseOrNobodyIsNotReady() {
    List<String> reasons =
        reasons(
            facts(Observed.node(2).follows(3).executed(DATA + "1-10")),
            facts(Observed.node(3).executed(DATA + "1-10")));
    assertThat(String.join("\n", reasons))
        .contains("db2 follows 10.0.0.3 and not db1", "db3 follows nobody: clusterctl rejoin db3");
  }

  @Test
  void onlyTheNewSourcesLagCounts() {
    assertThat(
            reasons(
                replica(2), facts(Observed.node(3).follows(1).executed(DATA + "1-9").lag(3600))))
        .isEmpty();
  }

  @Test
  void noReplicaMayBeOlderThanItsSource() {
    NodeFacts newer = facts(Observed.node(2).follows(1).executed(DATA + "1-10").version("9.7.4"));
    NodeFacts old = facts(Observed.node(1).writable().executed(DATA + "1-10").version("8.4.6-log"));
    assertThat(SwitchoverChecks.reasons(old, newer, List.of(old, newer), OPTIONS))
        .singleElement()
        .asString()
        .contains("db1 runs MySQL 8.4.6", "older than 9.7.4 on db2");
    // One that is taken down for its own upgrade doesn't follow.
    assertThat(
            SwitchoverChecks.reasons(
                old, newer, List.of(old, newer), SwitchoverOptions.retiring(new NodeName("db2"))))
        .isEmpty();
    // The other way round, and within a series, it works.
    assertThat(reasons(replica(2), facts(Observed.node(3).follows(1).version("9.7.3")))).isEmpty();
    NodeFacts behind = facts(Observed.node(2).follows(1).executed(DATA + "1-10").version("8.4.6"));
    assertThat(SwitchoverChecks.reasons(source, behind, List.of(source, behind), OPTIONS))
        .isEmpty();
  }

  @Test
  void aReplicaThatNeedsWhatTheNewSourceHasPurgedIsWaitedFor() {
    assertThat(
            reasons(
                facts(Observed.node(2).follows(1).executed(DATA + "1-10").purged(DATA + "1-7")),
                facts(Observed.node(3).follows(1).executed(DATA + "1-5"))))
        .singleElement()
        .asString()
        .contains("db3 lacks transactions that db2 has purged", DATA + "6-7");
  }

  private List<String> reasons(NodeFacts target, NodeFacts other) {
    return SwitchoverChecks.reasons(source, target, List.of(source, target, other), OPTIONS);
  }

  private static NodeFacts replica(int number) {
    return facts(Observed.node(number).follows(1).executed(DATA + "1-10"));
  }

  private static NodeFacts facts(Observed seen) {
    return new NodeFacts(seen.get(), List.of(), Map.of("log_bin", "ON", "gtid_mode", "ON"));
  }
}
