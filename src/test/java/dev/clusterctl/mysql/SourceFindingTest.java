package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.SourceFinding.Exists;
import dev.clusterctl.mysql.SourceFinding.Make;
import dev.clusterctl.mysql.SourceFinding.Refuse;
import dev.clusterctl.topology.NodeName;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceFindingTest {
  private static final String OLD = "11111111-1111-1111-1111-111111111111:";

  private static final NodeName DB1 = new NodeName("db1");
  private static final NodeName DB2 = new NodeName("db2");
  private static final NodeName DB3 = new NodeName("db3");

  @Test
  void replicationBeginsOnTheNodeThatTheFileNames() {
    assertThat(decide(alone(1, ""), alone(2, ""), alone(3, ""))).isEqualTo(new Make(DB1, true));
  }

  @Test
  void replicationDoesNotBeginWhileANodeIsSilent() {
    assertThat(refuse(List.of(alone(1, ""), alone(2, "")), DB3)).contains("db3 can't be asked");
  }

  @Test
  void aNodeWithMoreThanTheOneNamedIsNotOverlooked() {
    SourceFinding finding = decide(alone(1, OLD + "1-5"), alone(2, OLD + "1-7"));
    assertThat(((Refuse) finding).reason()).contains("db2 has transactions that db1 lacks", "6-7");
  }

  @Test
  void whoTakesWritesIsTheSourceWhateverTheFileSays() {
    assertThat(
            decide(replica(1, 2, OLD + "1-5"), source(2, OLD + "1-6"), replica(3, 2, OLD + "1-5")))
        .isEqualTo(new Exists(DB2));
  }

  @Test
  void aSilentNodeDoesNotMakeTheSourceUnknown() {
    assertThat(SourceFinding.decide(List.of(source(2, OLD + "1-6")), List.of(DB1, DB3), DB1))
        .isEqualTo(new Exists(DB2));
  }

  @Test
  void twoSourcesAreNamedWithWhatEachHas() {
    SourceFinding finding =
        decide(source(1, OLD + "1-9"), source(2, OLD + "1-5:20"), replica(3, 2, OLD + "1-5"));
    assertThat(((Refuse) finding).reason())
        .contains("db1 and db2 all take writes", "db2 has what db1 lacks: " + OLD + "20")
        .contains("db1 has what db2 lacks: " + OLD + "6-9");
    assertThat(((Refuse) finding).advice()).contains("clusterctl rejoin NODE");
  }

  @Test
  void aSourceThatWasRestartedMayTakeWritesAgain() {
    assertThat(
            decide(alone(1, OLD + "1-9"), replica(2, 1, OLD + "1-9"), replica(3, 1, OLD + "1-7")))
        .isEqualTo(new Make(DB1, false));
  }

  @Test
  void aSourceThatLacksWhatAReplicaHasIsNotLetTakeWrites() {
    // A switchover to db2 was killed after db2 took writes, and then db2 was restarted.
    SourceFinding finding =
        decide(alone(1, OLD + "1-9"), alone(2, OLD + "1-12"), replica(3, 1, OLD + "1-9"));
    assertThat(((Refuse) finding).reason()).contains("db2 has what db1 lacks: " + OLD + "10-12");
    assertThat(((Refuse) finding).advice()).contains("failover --to");
  }

  @Test
  void aSourceThatIsAwayIsWaitedForOrReplacedByAPerson() {
    assertThat(refuse(List.of(replica(2, 1, OLD + "1-9"), replica(3, 1, OLD + "1-5")), DB1))
        .contains("10.0.0.1", "doesn't answer");
  }

  @Test
  void ofSeveralThatAreFollowedOneThatHasEverythingMayGoOn() {
    // A switchover from db1 to db2 was killed when some of the others had moved.
    assertThat(
            decide(
                alone(1, OLD + "1-9"),
                alone(2, OLD + "1-9"),
                replica(3, 1, OLD + "1-9"),
                replica(4, 2, OLD + "1-9")))
        .isEqualTo(new Make(DB1, false));
    assertThat(
            decide(
                alone(1, OLD + "1-8"),
                alone(2, OLD + "1-9"),
                replica(3, 1, OLD + "1-8"),
                replica(4, 2, OLD + "1-9")))
        .isEqualTo(new Make(DB2, false));
  }

  @Test
  void ofSeveralThatAreFollowedNoneGoesOnWhileANodeIsSilent() {
    assertThat(
            refuse(
                List.of(
                    alone(1, OLD + "1-9"),
                    alone(2, OLD + "1-9"),
                    replica(4, 2, OLD + "1-9"),
                    replica(5, 1, OLD + "1-9")),
                DB3))
        .contains("different sources", "db3 can't be asked");
  }

  @Test
  void nodesThatFollowEachOtherNeedAPerson() {
    SourceFinding finding = decide(replica(1, 2, OLD + "1-9"), replica(2, 1, OLD + "1-9"));
    assertThat(((Refuse) finding).reason()).contains("follow each other");
  }

  private static SourceFinding decide(ReplicaObservation... answers) {
    return SourceFinding.decide(List.of(answers), List.of(), DB1);
  }

  private static String refuse(List<ReplicaObservation> answers, NodeName silent) {
    SourceFinding finding = SourceFinding.decide(answers, List.of(silent), DB1);
    assertThat(finding).isInstanceOf(Refuse.class);
    return ((Refuse) finding).reason();
  }

  private static ReplicaObservation source(int number, String executed) {
    return Observed.node(number).executed(executed).writable().get();
  }

  private static ReplicaObservation alone(int number, String executed) {
    return Observed.node(number).executed(executed).get();
  }

  private static ReplicaObservation replica(int number, int source, String executed) {
    return Observed.node(number).executed(executed).follows(source).get();
  }
}
