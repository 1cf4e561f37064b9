package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.GroupMember.State;
import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupFormationTest {
  private static final String GROUP = "82a56cf6-86d5-420a-bc67-386bc98e3c8b";
  private static final NodeName DB1 = new NodeName("db1");
  private static final NodeName DB2 = new NodeName("db2");
  private static final NodeName DB3 = new NodeName("db3");

  @Test
  void aNewGroupBeginsOnTheFirstOfFreshNodes() {
    assertThat(decide(outside(DB1, ""), outside(DB2, ""), outside(DB3, "")))
        .isEqualTo(new GroupFormation.Bootstrap(DB1, false));
  }

  @Test
  void aNewGroupIsNotBegunWhileANodeIsSilent() {
    GroupFormation formation =
        GroupFormation.decide(List.of(outside(DB1, ""), outside(DB2, "")), List.of(DB3));
    assertThat(formation).isInstanceOf(GroupFormation.Refuse.class);
    assertThat(((GroupFormation.Refuse) formation).reason()).contains("db3");
  }

  @Test
  void nothingIsBegunBesideAGroupThatExists() {
    assertThat(decide(outside(DB1, ""), member(DB2, State.ONLINE, DB2), outside(DB3, "")))
        .isEqualTo(new GroupFormation.Exists(DB2));
  }

  @Test
  void aGroupIsSeenThoughANodeIsSilent() {
    GroupFormation formation =
        GroupFormation.decide(
            List.of(member(DB1, State.ONLINE, DB1, DB2), member(DB2, State.ONLINE, DB1, DB2)),
            List.of(DB3));
    assertThat(formation).isEqualTo(new GroupFormation.Exists(DB1));
  }

  @Test
  void afterAllMembersLeftTheGroupBeginsOnTheOneWithAllTransactions() {
    assertThat(
            decide(
                outside(DB1, GROUP + ":1-10"),
                outside(DB2, GROUP + ":1-12"),
                outside(DB3, GROUP + ":1-12")))
        .isEqualTo(new GroupFormation.Bootstrap(DB2, true));
  }

  @Test
  void divergedNodesAreNamedWithWhatEachLacks() {
    GroupFormation formation =
        decide(outside(DB1, GROUP + ":1-10:13"), outside(DB2, GROUP + ":1-12"));
    assertThat(formation).isInstanceOf(GroupFormation.Refuse.class);
    assertThat(((GroupFormation.Refuse) formation).reason())
        .contains("db1 lacks " + GROUP + ":11-12")
        .contains("db2 lacks " + GROUP + ":13");
  }

  @Test
  void aGroupWithoutQuorumIsLeftToAPerson() {
    NodeObservation alone =
        new NodeObservation(
            DB1,
            uuid(DB1),
            List.of(
                seen(DB1, State.ONLINE),
                seen(DB2, State.UNREACHABLE),
                seen(DB3, State.UNREACHABLE)),
            GtidSet.EMPTY);
    GroupFormation formation = GroupFormation.decide(List.of(alone), List.of(DB2, DB3));
    assertThat(formation).isInstanceOf(GroupFormation.Refuse.class);
    assertThat(((GroupFormation.Refuse) formation).reason()).contains("quorum").contains("db2");
  }

  @Test
  void twoGroupsOfOneNameAreNotJoinedByChance() {
    assertThat(decide(member(DB1, State.ONLINE, DB1), member(DB2, State.ONLINE, DB2)))
        .isInstanceOf(GroupFormation.Refuse.class);
  }

  @Test
  void aMemberOnItsWayInCountsAsInTheGroup() {
    assertThat(decide(member(DB1, State.RECOVERING, DB1, DB2), member(DB2, State.ONLINE, DB1, DB2)))
        .isEqualTo(new GroupFormation.Exists(DB2));
  }

  @Test
  void nodesWithTheSameServerUuidAreRefused() {
    NodeObservation copy = new NodeObservation(DB2, uuid(DB1), List.of(), GtidSet.EMPTY);
    GroupFormation formation = decide(outside(DB1, ""), copy);
    assertThat(formation).isInstanceOf(GroupFormation.Refuse.class);
    assertThat(((GroupFormation.Refuse) formation).reason())
        .contains("db1 and db2 have the same server_uuid");
  }

  private static GroupFormation decide(NodeObservation... observations) {
    return GroupFormation.decide(List.of(observations), List.of());
  }

  private static NodeObservation outside(NodeName node, String executed) {
    return new NodeObservation(
        node, uuid(node), List.of(seen(node, State.OFFLINE)), GtidSet.parse(executed));
  }

  /** A node that sees all the others ONLINE. */
  private static NodeObservation member(NodeName node, State own, NodeName... group) {
    List<GroupMember> members = new ArrayList<>();
    for (NodeName one : group) {
      members.add(seen(one, one.equals(node) ? own : State.ONLINE));
    }
    return new NodeObservation(node, uuid(node), members, GtidSet.parse(GROUP + ":1-3"));
  }

  private static GroupMember seen(NodeName node, State state) {
    return new GroupMember(uuid(node), node.value(), 3306, state, true);
  }

  private static String uuid(NodeName node) {
    return "00000000-0000-0000-0000-0000000000" + node.value().replace("db", "0");
  }
}
