package dev.clusterctl.mysql;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Group Replication as one server sees and drives it. */
public final class GroupReplication {
  /** The server's error where somebody else's START or STOP GROUP_REPLICATION is executing. */
  public static final int ANOTHER_START = 3663;

  private final Session session;
  private final Dialect dialect;

  /**
   * @param version the server's own version
   */
  public GroupReplication(Session session, ServerVersion version) {
    this.session = session;
    this.dialect = Dialect.of(version);
  }

  /** The group's members as this server sees them; one with state OFFLINE where it is in none. */
  public List<GroupMember> members() throws MySqlException {
    // Before 8.0.2 there is no MEMBER_ROLE; the primary's UUID is a status variable, which is empty
    // in multi-primary mode.
    String role =
        dialect.has(Feature.MEMBER_ROLE)
            ? "MEMBER_ROLE = 'PRIMARY'"
            : "(SELECT VARIABLE_VALUE FROM performance_schema.global_status"
                + " WHERE VARIABLE_NAME = 'group_replication_primary_member') IN ('', MEMBER_ID)";
    List<GroupMember> members = new ArrayList<>();
    for (Row row :
        session.query(
            "SELECT MEMBER_ID, MEMBER_HOST, MEMBER_PORT, MEMBER_STATE, "
                + role
                + " AS IS_PRIMARY FROM performance_schema.replication_group_members"
                + " ORDER BY MEMBER_HOST, MEMBER_PORT")) {
      members.add(
          new GroupMember(
              row.text("MEMBER_ID"),
              row.text("MEMBER_HOST"),
              (int) row.number("MEMBER_PORT"),
              GroupMember.State.valueOf(row.text("MEMBER_STATE")),
              row.number("IS_PRIMARY") == 1));
    }
    return List.copyOf(members);
  }

  /**
   * Starts a new group with this server as its only member. The flag that makes it a new group is
   * on for the shortest time the server allows: all three statements go to it in one packet, and
   * the flag is taken back once more whatever happened to them.
   */
  public void bootstrap() throws MySqlException {
    try {
      session.run(
          "bootstrapping the group",
          "SET GLOBAL group_replication_bootstrap_group = ON; START GROUP_REPLICATION;"
              + " SET GLOBAL group_replication_bootstrap_group = OFF");
    } finally {
      session.run("SET GLOBAL group_replication_bootstrap_group = OFF");
    }
  }

  /**
   * Joins the group that this server's seeds belong to. Never begins one: a flag left behind by
   * somebody who was killed while bootstrapping is taken back first.
   */
  public void join() throws MySqlException {
    session.run("SET GLOBAL group_replication_bootstrap_group = OFF");
    session.run("START GROUP_REPLICATION");
  }

  /** Leaves the group; nothing where it is in none. */
  public void leave() throws MySqlException {
    session.run("STOP GROUP_REPLICATION");
  }

  /** Tells this server with which account it fetches what it missed from other members. */
  public void recoverWith(Credentials credentials) throws MySqlException {
    session.run(
        "setting the recovery account",
        dialect.changeRecoverySource(credentials.user(), credentials.password()));
  }

  /**
   * Whether it would use these credentials. A member whose password has become another one goes on
   * well, until it restarts and can't join any more.
   */
  public boolean recoversWith(Credentials credentials) throws MySqlException {
    List<Row> kept =
        session.query(
            "SELECT User_name, User_password FROM mysql.slave_master_info"
                + " WHERE Channel_name = 'group_replication_recovery'");
    return kept.size() == 1
        && kept.get(0).text("User_name").equals(credentials.user())
        && kept.get(0).text("User_password").equals(credentials.password());
  }

  /** The account it would use now; empty where none was set. */
  public Optional<String> recoveryUser() throws MySqlException {
    return session.value(
        "SELECT USER FROM performance_schema.replication_connection_configuration"
            + " WHERE CHANNEL_NAME = 'group_replication_recovery'");
  }

  /** How many transactions wait to be applied on this server; 0 where it is in no group. */
  public long applierQueue() throws MySqlException {
    if (dialect.has(Feature.STATS_OF_EVERY_MEMBER)) {
      // One row for each member from 8.0.2 on, about itself on each of them.
      return session
          .value(
              "SELECT COUNT_TRANSACTIONS_REMOTE_IN_APPLIER_QUEUE FROM"
                  + " performance_schema.replication_group_member_stats"
                  + " WHERE MEMBER_ID = @@server_uuid")
          .map(Long::parseLong)
          .orElse(0L);
    }
    return session
        .value(
            "SELECT GTID_SUBTRACT(RECEIVED_TRANSACTION_SET, @@GLOBAL.gtid_executed) FROM"
                + " performance_schema.replication_connection_status"
                + " WHERE CHANNEL_NAME = 'group_replication_applier'")
        .map(set -> GtidSet.parse(set).count())
        .orElse(0L);
  }
}
