package dev.clusterctl.operation.failover;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The group as one node sees it. The columns are looked at instead of the version: {@code
 * MEMBER_ROLE} came with 8.0.2; before it a status variable names the primary.
 */
record GroupView(List<Member> members) {
  GroupView {
    members = List.copyOf(members);
  }

  /** Asks the server at the other end of an administrator's connection. */
  static GroupView seenBy(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String self = text(statement, "SELECT @@server_uuid").orElse("");
      List<Member> members = new ArrayList<>();
      boolean hasRoles;
      try (ResultSet row =
          statement.executeQuery("SELECT * FROM performance_schema.replication_group_members")) {
        hasRoles = columns(row).contains("MEMBER_ROLE");
        while (row.next()) {
          String uuid = row.getString("MEMBER_ID");
          String state = row.getString("MEMBER_STATE");
          // A server that never was in a group shows one row with an empty id.
          boolean isSelf = uuid.equals(self) || uuid.isEmpty();
          members.add(
              new Member(
                  uuid,
                  row.getString("MEMBER_HOST"),
                  row.getInt("MEMBER_PORT"),
                  state,
                  hasRoles && "PRIMARY".equals(row.getString("MEMBER_ROLE")),
                  isSelf));
        }
      }
      return new GroupView(hasRoles ? members : withRoles(members, primaryBeforeRoles(statement)));
    }
  }

  /** The state of the node that was asked; OFFLINE where it knows nothing of a group. */
  String ownState() {
    return members.stream().filter(Member::self).map(Member::state).findFirst().orElse("OFFLINE");
  }

  /** How many members this node sees as ONLINE. */
  long online() {
    return members.stream().filter(Member::online).count();
  }

  private static Set<String> columns(ResultSet rows) throws SQLException {
    Set<String> names = new HashSet<>();
    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
      names.add(rows.getMetaData().getColumnName(i));
    }
    return names;
  }

  /** The primary's UUID in a single-primary group; empty where every member is one. */
  private static String primaryBeforeRoles(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery("SHOW GLOBAL STATUS LIKE 'group_replication_primary_member'")) {
      return row.next() && row.getString(2) != null ? row.getString(2) : "";
    }
  }

  private static List<Member> withRoles(List<Member> members, String primary) {
    return members.stream()
        .map(
            m ->
                new Member(
                    m.uuid(),
                    m.host(),
                    m.port(),
                    m.state(),
                    m.online() && (primary.isEmpty() || primary.equals(m.uuid())),
                    m.self()))
        .toList();
  }

  private static Optional<String> text(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
    }
  }
}
