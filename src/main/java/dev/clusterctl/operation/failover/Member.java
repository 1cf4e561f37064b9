package dev.clusterctl.operation.failover;

/**
 * A row of {@code performance_schema.replication_group_members}, as one node sees it.
 *
 * @param uuid the member's server UUID
 * @param state ONLINE, RECOVERING, OFFLINE, ERROR or UNREACHABLE
 * @param primary whether it takes writes; in a multi-primary group every member that is ONLINE
 * @param self whether this is the node that was asked
 */
record Member(String uuid, String host, int port, String state, boolean primary, boolean self) {
  static final String ONLINE = "ONLINE";

  boolean online() {
    return state.equals(ONLINE);
  }
}
