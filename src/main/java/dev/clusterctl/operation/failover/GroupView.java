package dev.clusterctl.operation.failover;

import dev.clusterctl.mysql.GroupMember.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The group as one node sees it.
 *
 * @param own the state of the node that was asked; OFFLINE where it is in no group
 * @param online how many members it sees ONLINE
 * @param exists whether the server knows of groups at all: one source and its replicas don't
 */
record GroupView(State own, long online, boolean exists) {

  /** Asks the server at the other end of an administrator's connection. */
  static GroupView seenBy(Connection connection) throws SQLException {
    State own = State.OFFLINE;
    long online = 0;
    boolean exists = false;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT MEMBER_ID = @@server_uuid, MEMBER_STATE FROM"
                    + " performance_schema.replication_group_members")) {
      while (row.next()) {
        exists = true;
        State state = State.valueOf(row.getString(2));
        if (row.getBoolean(1)) {
          own = state;
        }
        if (state == State.ONLINE) {
          online++;
        }
      }
    }
    return new GroupView(own, online, exists);
  }

  /** Whether what it commits is everybody's: it is ONLINE, or there is no group to be ONLINE in. */
  boolean mayCommit() {
    return isOnline() || !exists;
  }

  boolean isOnline() {
    return own == State.ONLINE;
  }
}
