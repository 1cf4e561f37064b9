package dev.clusterctl.operation.roles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.Observed;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The old source is db1; the replicas that answer are db2 and up. */
class FailoverChoiceTest {
  private static final String OLD = Observed.uuid(1) + ":";
  private static final NodeName DB2 = new NodeName("db2");
  private static final NodeName DB3 = new NodeName("db3");

  @Test
  void theReplicaWithTheMostIsChosen() {
    FailoverChoice choice = auto(replica(2, "1-10", ""), replica(3, "1-12", ""));
    assertThat(choice.node()).isEqualTo(DB3);
    assertThat(choice.from()).isEmpty();
    assertThat(choice.lost()).isEqualTo(GtidSet.EMPTY);
  }

  @Test
  void whatWasReceivedAndNotYetAppliedCounts() {
    assertThat(auto(replica(2, "1-10", "5-15"), replica(3, "1-12", "")).node()).isEqualTo(DB2);
  }

  @Test
  void ofEqualsTheFirstInTheFileIsChosen() {
    assertThat(auto(replica(2, "1-10", ""), replica(3, "1-10", "")).node()).isEqualTo(DB2);
  }

  @Test
  void theOneThatTheUserWantsFetchesWhatItLacks() {
    FailoverChoice choice =
        FailoverChoice.of(
            List.of(replica(2, "1-10", ""), replica(3, "1-11", "10-14")), Optional.of(DB2));
    assertThat(choice.node()).isEqualTo(DB2);
    assertThat(choice.from()).contains(DB3);
    assertThat(choice.fetched()).isEqualTo(GtidSet.parse(OLD + "11-14"));
    assertThat(choice.lost()).isEqualTo(GtidSet.EMPTY);
  }

  @Test
  void whatCannotBeFetchedAsItWasPurgedIsLostAndNamed() {
    FailoverChoice choice =
        FailoverChoice.of(
            List.of(
                replica(2, "1-10", ""),
                Observed.node(3).follows(1).executed(OLD + "1-14").purged(OLD + "1-12").get()),
            Optional.of(DB2));
    assertThat(choice.from()).isEmpty();
    assertThat(choice.lost()).isEqualTo(GtidSet.parse(OLD + "11-14"));
  }

  @Test
  void whatAReplicaMadeItselfDoesNotMakeItTheMostAdvanced() {
    String own = Observed.uuid(3) + ":1-50";
    FailoverChoice choice =
        auto(
            replica(2, "1-10", ""), Observed.node(3).follows(1).executed(OLD + "1-9," + own).get());
    assertThat(choice.node()).isEqualTo(DB2);
    assertThat(choice.ownOf()).containsEntry(DB3, GtidSet.parse(own));
  }

  @Test
  void transactionsOfATimeWhenAReplicaWasTheSourceAreNotItsOwn() {
    String earlier = "," + Observed.uuid(3) + ":1-50";
    FailoverChoice choice =
        auto(
            Observed.node(2).follows(1).executed(OLD + "1-9" + earlier).get(),
            Observed.node(3).follows(1).executed(OLD + "1-10" + earlier).get());
    assertThat(choice.node()).isEqualTo(DB3);
    assertThat(choice.ownOf()).isEmpty();
  }

  /** However replication stood: nothing that a replica has is forgotten. */
  @RepeatedTest(300)
  void whatIsKnownIsKeptFetchedOrNamed(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<ReplicaObservation> replicas = new ArrayList<>();
    for (int number = 2; number < 3 + random.nextInt(4); number++) {
      replicas.add(
          Observed.node(number)
              .follows(1)
              .executed(some(random, 1, 12) + some(random, number, 2))
              .received(some(random, 1, 12))
              .purged(some(random, 1, 2))
              .get());
    }
    FailoverChoice choice = FailoverChoice.of(replicas, Optional.empty());
    GtidSet known = GtidSet.EMPTY;
    GtidSet told = choice.fetched().union(choice.lost());
    for (ReplicaObservation one : replicas) {
      known = known.union(FailoverChoice.all(one));
      if (one.node().equals(choice.node())) {
        told = told.union(FailoverChoice.all(one));
      }
    }
    for (GtidSet own : choice.ownOf().values()) {
      told = told.union(own);
    }
    assertThat(told).isEqualTo(known);
    assertThat(choice.fetched().intersect(choice.lost()).isEmpty()).isTrue();
    assertThat(choice.fetched().isEmpty()).isEqualTo(choice.from().isEmpty());
  }

  /** With one source and no other writer, the most advanced replica lacks nothing. */
  @RepeatedTest(100)
  void theMostAdvancedOfPlainReplicasLacksNothing(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<ReplicaObservation> replicas = new ArrayList<>();
    for (int number = 2; number < 3 + random.nextInt(4); number++) {
      replicas.add(replica(number, "1-" + (1 + random.nextInt(50)), ""));
    }
    FailoverChoice choice = FailoverChoice.of(replicas, Optional.empty());
    assertThat(choice.from()).isEmpty();
    assertThat(choice.lost().isEmpty()).isTrue();
  }

  /** Some of the first transactions of a node, each with even chances. */
  private static String some(Random random, int node, int most) {
    StringBuilder text = new StringBuilder();
    for (int number = 1; number <= most; number++) {
      if (random.nextBoolean()) {
        text.append(Observed.uuid(node)).append(':').append(number).append(',');
      }
    }
    return text.toString();
  }

  private static FailoverChoice auto(ReplicaObservation... answers) {
    return FailoverChoice.of(List.of(answers), Optional.empty());
  }

  private static ReplicaObservation replica(int number, String applied, String received) {
    return Observed.node(number)
        .follows(1)
        .executed(OLD + applied)
        .received(received.isEmpty() ? "" : OLD + received)
        .get();
  }
}
