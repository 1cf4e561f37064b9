package dev.clusterctl.dialect;

import static dev.clusterctl.dialect.Versions.before;
import static dev.clusterctl.dialect.Versions.since;

/**
 * What a server can do, a row each, with the versions that can and where that is known from: {@code
 * manual} is MySQL's reference manual of that series, {@code seen} means on a real server.
 */
public enum Feature {
  BINARY_LOG_STATUS(
      since("8.2.0"), "manual: SHOW BINARY LOG STATUS; old form seen refused by 9.7.4"),
  /**
   * START REPLICA and its like came with 8.0.22, CHANGE REPLICATION SOURCE with 8.0.23; nothing is
   * lost by speaking the old way to 8.0.22.
   */
  REPLICA_STATEMENTS(since("8.0.23"), "manual: CHANGE REPLICATION SOURCE TO"),
  /** The public key of a source, for caching_sha2_password without TLS. */
  GET_SOURCE_PUBLIC_KEY(since("8.0.4"), "manual: CHANGE MASTER TO, GET_MASTER_PUBLIC_KEY"),
  START_GROUP_REPLICATION_USER(since("8.0.21"), "manual: START GROUP_REPLICATION"),
  CACHING_SHA2_PASSWORD(since("8.0.4"), "manual: default authentication plugin"),
  NATIVE_PASSWORD(before("9.0.0"), "manual: removed in 9.0; CREATE USER seen refused by 9.7.4"),
  NATIVE_PASSWORD_SWITCHED_OFF(since("8.4.0").until("9.0.0"), "manual: --mysql-native-password"),
  DYNAMIC_PRIVILEGES(since("8.0.0"), "manual: static versus dynamic privileges"),
  CONNECTION_ADMIN(since("8.0.0"), "manual: dynamic privileges"),
  BACKUP_ADMIN(since("8.0.0"), "manual: dynamic privileges"),
  CLONE_ADMIN(since("8.0.17"), "manual: dynamic privileges"),
  GROUP_REPLICATION_STREAM(since("8.0.27"), "manual: dynamic privileges"),
  MEMBER_ROLE(since("8.0.2"), "manual: replication_group_members"),
  SET_AS_PRIMARY(since("8.0.13"), "manual: group_replication_set_as_primary"),
  SET_AS_PRIMARY_WITH_TIMEOUT(since("8.0.29"), "manual: group_replication_set_as_primary"),
  CLONE(since("8.0.17"), "manual: clone plugin"),
  /** From then on any two releases of a series can be cloned from each other. */
  CLONE_WITHIN_SERIES(since("8.0.37", "8.4.0"), "manual: cloning remote data, requirements"),
  ROLES(since("8.0.0"), "manual: using roles"),
  /** SHOW CREATE USER can give the hash of a password in a form that survives every charset. */
  HASHES_AS_HEXADECIMAL(since("8.0.17"), "manual: print_identified_with_as_hex"),
  /** mysqldump's --source-data, which was --master-data. */
  DUMP_SOURCE_DATA(since("8.0.26"), "manual: mysqldump, replication options"),
  DUMP_COLUMN_STATISTICS(since("8.0.2"), "manual: mysqldump, --column-statistics"),
  /**
   * The server makes its own certificates where it has none. Before, community builds have no TLS
   * unless mysql_ssl_rsa_setup was run.
   */
  MAKES_CERTIFICATES(since("5.7.28", "8.0.0"), "manual: auto_generate_certs; seen on 5.7.22"),
  SET_PERSIST(since("8.0.0"), "manual: SET PERSIST"),
  VALIDATE_CONFIG(since("8.0.16"), "manual: --validate-config; seen on 9.7.4"),
  /** The table {@code replication_group_member_stats} has a row for every member, not only one. */
  STATS_OF_EVERY_MEMBER(since("8.0.2"), "manual: replication_group_member_stats; seen on 9.7.4"),
  BIND_ADDRESS_LIST(since("8.0.13"), "manual: bind_address"),
  GTID_TAGS(since("8.3.0"), "manual: GTID format"),
  /** Before, community builds spoke TLS 1.1 at best, which a current JDK refuses. */
  TLS_FOR_CURRENT_CLIENTS(since("5.7.28", "8.0.0"), "5.7.28 release notes: built with OpenSSL"),
  CHECKSUMS_IN_GROUPS(since("8.0.21"), "manual: Group Replication requirements"),
  EXIT_TO_OFFLINE_MODE(since("8.0.18"), "manual: group_replication_exit_state_action"),
  /** Before, 1 GB was the least that it could be. */
  SMALL_MESSAGE_CACHE(since("8.0.21"), "manual: group_replication_message_cache_size"),
  SEMI_SYNC_SOURCE(since("8.0.26"), "manual: semisynchronous replication plugins"),
  /** What AdminAPI's metadata from 2.0 on, and a Router that reads it, were made for. */
  INNODB_CLUSTER(since("8.0.19"), "MySQL Shell 8.0.19 release notes: metadata 2.0"),
  COMMUNICATION_STACK(since("8.0.27"), "manual: group_replication_communication_stack"),
  INVISIBLE_COLUMNS(since("8.0.23"), "manual: invisible columns"),
  /** {@code b INT REFERENCES a (id)} makes a foreign key; before, it was read and forgotten. */
  COLUMN_REFERENCES(since("9.0.0"), "9.0.0 release notes: inline foreign keys"),
  CREATE_SELECT_WITH_GTIDS(since("8.0.21"), "manual: restrictions on replication with GTIDs"),
  /** A value of sql_mode. */
  NO_AUTO_CREATE_USER(before("8.0.11"), "8.0.11 release notes");

  private final Versions versions;
  private final String source;

  Feature(Versions versions, String source) {
    this.versions = versions;
    this.source = source;
  }

  /** The versions that have it. */
  public Versions versions() {
    return versions;
  }

  /** Where that is known from. */
  public String source() {
    return source;
  }
}
