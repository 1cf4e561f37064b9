package dev.clusterctl.mysql;

/**
 * A member as one server sees its group ({@code performance_schema.replication_group_members}).
 *
 * @param uuid the member's server_uuid; empty for a server that is in no group
 * @param primary whether it takes writes; in multi-primary mode all members do
 */
public record GroupMember(String uuid, String host, int port, State state, boolean primary) {

  /** {@code MEMBER_STATE}. */
  public enum State {
    ONLINE,
    RECOVERING,
    OFFLINE,
    ERROR,
    UNREACHABLE
  }
}
