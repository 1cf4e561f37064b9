package dev.clusterctl.mysql;

import dev.clusterctl.topology.NodeName;
import java.util.List;

/**
 * What one node says of itself and of its group, before anything is decided.
 *
 * @param serverUuid its server_uuid
 * @param members the group as it sees it; a single OFFLINE one where it is in none
 * @param executed the transactions it has
 */
public record NodeObservation(
    NodeName node, String serverUuid, List<GroupMember> members, GtidSet executed) {
  public NodeObservation {
    members = List.copyOf(members);
  }

  /** Its own state in the group. */
  public GroupMember.State state() {
    return members.stream()
        .filter(m -> m.uuid().equals(serverUuid))
        .map(GroupMember::state)
        .findFirst()
        .orElse(GroupMember.State.OFFLINE);
  }

  /** Whether it belongs to a group now: it is in, or on its way in. */
  public boolean inGroup() {
    return state() == GroupMember.State.ONLINE || state() == GroupMember.State.RECOVERING;
  }

  /** Whether it sees more than half of its group's members alive. */
  public boolean hasMajority() {
    long alive =
        members.stream()
            .filter(
                m ->
                    m.state() == GroupMember.State.ONLINE
                        || m.state() == GroupMember.State.RECOVERING)
            .count();
    return inGroup() && alive * 2 > members.size();
  }
}
