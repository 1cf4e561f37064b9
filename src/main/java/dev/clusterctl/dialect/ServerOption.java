package dev.clusterctl.dialect;

import static dev.clusterctl.dialect.Versions.before;
import static dev.clusterctl.dialect.Versions.since;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The server's options that not every version has, a row each: named as the constant, in lower
 * case. Known from MySQL's reference manuals of 5.7, 8.0, 8.4 and 9.x and, where an option is gone,
 * from a 9.7.4 server that refused it.
 */
public enum ServerOption {
  MASTER_INFO_REPOSITORY(before("8.3.0")),
  RELAY_LOG_INFO_REPOSITORY(before("8.3.0")),
  TRANSACTION_WRITE_SET_EXTRACTION(before("8.3.0")),
  BINLOG_TRANSACTION_DEPENDENCY_TRACKING(since("5.7.22", "8.0.1").until("8.4.0")),
  EXPIRE_LOGS_DAYS(before("8.2.0")),
  BINLOG_EXPIRE_LOGS_SECONDS(since("8.0.1")),
  DEFAULT_AUTHENTICATION_PLUGIN(before("8.4.0")),
  MYSQL_NATIVE_PASSWORD(since("8.4.0").until("9.0.0")),
  /** Refused by 9.7.4; in which 9.x it went away is not known. */
  INNODB_LOG_FILE_SIZE(before("9.7.0")),
  INNODB_REDO_LOG_CAPACITY(since("8.0.30")),
  SLAVE_ROWS_SEARCH_ALGORITHMS(before("8.3.0")),
  QUERY_CACHE_SIZE(before("8.0.3")),
  MYSQLX(since("8.0.11")),
  PERFORMANCE_SCHEMA_ERROR_SIZE(since("8.0.0")),
  ADMIN_ADDRESS(since("8.0.14")),
  SQL_REQUIRE_PRIMARY_KEY(since("8.0.13")),
  SQL_GENERATE_INVISIBLE_PRIMARY_KEY(since("8.0.30")),

  LOG_SLAVE_UPDATES(before("8.0.26"), "log_replica_updates"),
  LOG_REPLICA_UPDATES(since("8.0.26")),
  SLAVE_PARALLEL_TYPE(before("8.0.26"), "replica_parallel_type"),
  REPLICA_PARALLEL_TYPE(since("8.0.26").until("9.5.0")),
  SLAVE_PARALLEL_WORKERS(before("8.0.26"), "replica_parallel_workers"),
  REPLICA_PARALLEL_WORKERS(since("8.0.26")),
  SLAVE_PRESERVE_COMMIT_ORDER(before("8.0.26"), "replica_preserve_commit_order"),
  REPLICA_PRESERVE_COMMIT_ORDER(since("8.0.26")),
  SLAVE_NET_TIMEOUT(before("8.0.26"), "replica_net_timeout"),
  REPLICA_NET_TIMEOUT(since("8.0.26")),
  SKIP_SLAVE_START(before("8.0.26"), "skip_replica_start"),
  SKIP_REPLICA_START(since("8.0.26")),

  GROUP_REPLICATION_IP_WHITELIST(before("8.0.22"), "group_replication_ip_allowlist"),
  GROUP_REPLICATION_IP_ALLOWLIST(since("8.0.22")),
  GROUP_REPLICATION_UNREACHABLE_MAJORITY_TIMEOUT(since("5.7.19", "8.0.2")),
  GROUP_REPLICATION_TRANSACTION_SIZE_LIMIT(since("5.7.19", "8.0.2")),
  GROUP_REPLICATION_MEMBER_WEIGHT(since("5.7.20", "8.0.2")),
  GROUP_REPLICATION_RECOVERY_GET_PUBLIC_KEY(since("8.0.4")),
  GROUP_REPLICATION_EXIT_STATE_ACTION(since("5.7.24", "8.0.12")),
  GROUP_REPLICATION_MEMBER_EXPEL_TIMEOUT(since("8.0.13")),
  GROUP_REPLICATION_CONSISTENCY(since("8.0.14")),
  GROUP_REPLICATION_AUTOREJOIN_TRIES(since("8.0.16")),
  GROUP_REPLICATION_MESSAGE_CACHE_SIZE(since("8.0.16")),
  GROUP_REPLICATION_CLONE_THRESHOLD(since("8.0.17")),
  GROUP_REPLICATION_COMMUNICATION_STACK(since("8.0.27")),
  GROUP_REPLICATION_PAXOS_SINGLE_LEADER(since("8.0.27"));

  private final Versions versions;
  private final Optional<String> successor;

  ServerOption(Versions versions) {
    this(versions, Optional.empty());
  }

  ServerOption(Versions versions, String successor) {
    this(versions, Optional.of(successor));
  }

  ServerOption(Versions versions, Optional<String> successor) {
    this.versions = versions;
    this.successor = successor;
  }

  /** As an option file spells it, with underscores. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The versions in whose option files clusterctl writes it: where an option was renamed, the old
   * name ends where the new one begins, though servers took the old one for longer.
   */
  public Versions versions() {
    return versions;
  }

  /** What it is called later. */
  public Optional<String> successor() {
    return successor;
  }

  /** The row of an option, by its spelling; empty for one that every version has, or none. */
  public static Optional<ServerOption> of(String spelling) {
    return Arrays.stream(values()).filter(o -> o.spelling().equals(spelling)).findFirst();
  }
}
