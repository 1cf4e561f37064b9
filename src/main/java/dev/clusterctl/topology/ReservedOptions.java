package dev.clusterctl.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of {@code [mysqld]} that clusterctl decides itself, because the cluster stops being
 * one (or stops being found) where they say something else.
 */
final class ReservedOptions {
  private static final String GROUP = "a group needs it as clusterctl sets it; remove it";
  private static final String PLACE = "clusterctl and the proxy find the server by it; remove it";
  private static final String OUTSIDE = "no member may be writable outside its group; remove it";
  private static final String MEMBERS = "it follows from the nodes' addresses; remove it";
  private static final String MODE = "use replication.mode";

  private static final Map<String, String> ADVICE = new HashMap<>();

  static {
    put("use nodes[].server-id", "server_id");
    put(MEMBERS, "report_host", "report_port", "bind_address");
    put(PLACE, "port", "socket", "datadir", "pid_file", "basedir", "plugin_dir", "user");
    put(PLACE, "networking", "grant_tables", "init_file", "server_uuid");
    put(GROUP, "gtid_mode", "enforce_gtid_consistency", "log_bin", "binlog_format");
    put(GROUP, "log_slave_updates", "log_replica_updates", "binlog_checksum");
    put(GROUP, "master_info_repository", "relay_log_info_repository");
    put(GROUP, "transaction_write_set_extraction", "plugin_load", "plugin_load_add");
    put(GROUP, "auto_increment_increment", "auto_increment_offset");
    put(OUTSIDE, "super_read_only", "read_only", "offline_mode");
    put("use replication.group-name", "group_replication_group_name");
    put(
        MODE,
        "group_replication_single_primary_mode",
        "group_replication_enforce_update_everywhere_checks");
    for (String key :
        List.of(
            "member-expel-timeout",
            "exit-state-action",
            "consistency",
            "autorejoin-tries",
            "unreachable-majority-timeout",
            "communication-stack")) {
      put("use replication.failover." + key, "group_replication_" + key.replace('-', '_'));
    }
    put(
        MEMBERS,
        "group_replication_local_address",
        "group_replication_group_seeds",
        "group_replication_ip_whitelist",
        "group_replication_ip_allowlist");
    put(
        GROUP,
        "group_replication",
        "group_replication_bootstrap_group",
        "group_replication_start_on_boot",
        "group_replication_ssl_mode",
        "group_replication_recovery_use_ssl");
  }

  private static final List<String> PREFIXES =
      List.of("loose_", "skip_", "disable_", "enable_", "maximum_");

  private ReservedOptions() {}

  /**
   * Which key to use in place of an option that clusterctl decides; empty for one that it leaves to
   * the user.
   *
   * @param option its name with underscores; MySQL's prefixes ({@code loose_}, {@code skip_}, …)
   *     are seen through
   */
  static Optional<String> advice(String option) {
    for (String prefix : PREFIXES) {
      if (option.startsWith(prefix)) {
        return advice(option.substring(prefix.length()));
      }
    }
    return Optional.ofNullable(ADVICE.get(option));
  }

  private static void put(String advice, String... options) {
    for (String option : options) {
      ADVICE.put(option, advice);
    }
  }
}
