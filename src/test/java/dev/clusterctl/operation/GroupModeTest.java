package dev.clusterctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication.Mode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupModeTest {
  @Test
  void one_primary_among_several_members_is_single_primary_mode() {
    assertThat(GroupMode.of(group("PRIMARY", "SECONDARY", "SECONDARY")))
        .contains(Mode.SINGLE_PRIMARY);
  }

  @Test
  void several_primaries_are_multi_primary_mode() {
    assertThat(GroupMode.of(group("PRIMARY", "PRIMARY"))).contains(Mode.MULTI_PRIMARY);
  }

  @Test
  void the_mode_of_a_single_member_and_of_an_election_is_not_known() {
    assertThat(GroupMode.of(group("PRIMARY"))).isEmpty();
    assertThat(GroupMode.of(group("SECONDARY", "SECONDARY"))).isEmpty();
    assertThat(GroupMode.of(List.of())).isEmpty();
  }

  @Test
  void a_group_of_another_mode_than_the_file_says_is_refused_with_what_to_do() throws Exception {
    GroupMode.require(Mode.SINGLE_PRIMARY, group("PRIMARY", "SECONDARY"));

    assertThatThrownBy(() -> GroupMode.require(Mode.MULTI_PRIMARY, group("PRIMARY", "SECONDARY")))
        .hasMessage(
            "the group runs in single-primary mode, and cluster.yaml says replication.mode multi-primary")
        .extracting("advice")
        .asString()
        .startsWith(
            "the mode of a group with data stays as it was made: put mode single-primary back");
  }

  private static List<NodeObservation> group(String... roles) {
    List<GroupMember> members = new ArrayList<>();
    for (String role : roles) {
      String n = String.valueOf(members.size() + 1);
      members.add(
          new GroupMember(
              "uuid-" + n, "db" + n, 3306, GroupMember.State.ONLINE, role.equals("PRIMARY")));
    }
    return List.of(new NodeObservation(new NodeName("db1"), "uuid-1", members, GtidSet.EMPTY));
  }
}
