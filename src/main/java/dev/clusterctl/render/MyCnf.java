package dev.clusterctl.render;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.FailoverSettings;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ProxySqlCompatibility;
import dev.clusterctl.dialect.SemiSync;
import dev.clusterctl.dialect.ServerOption;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Replication;
import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Replication.Mode;
import dev.clusterctl.topology.Topology;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The whole option file of a node's server.
 *
 * <p>Whatever differs between versions of MySQL by default is written out, so that a group of two
 * versions (as during an upgrade) agrees, and nobody has to know the defaults of a version to know
 * what a node does.
 */
public final class MyCnf {
  /** Where servers are reached, and with {@link CommunicationStack#MYSQL} members too. */
  public static final int PORT = 3306;

  /** Where members reach each other with {@link CommunicationStack#XCOM}. */
  public static final int XCOM_PORT = 33061;

  /** What Group Replication steps by unless told otherwise: room for seven members. */
  private static final int LEAST_INCREMENT = 7;

  /** Threads that a member of a group has of its own, with a margin: 47 were seen. */
  private static final int OWN_THREADS = 90;

  /** So many sessions more or less leave what is derived from them, and can't be changed, alone. */
  private static final int STEP = 100;

  private static final long NEVER_BY_SIZE = Long.MAX_VALUE;

  private final Topology topology;
  private final Node node;
  private final Dialect dialect;
  private final boolean grouped;
  private final FailoverSettings failover;
  private final Sizing sizing;
  private final OptionFile file;

  private MyCnf(Topology topology, Node node) {
    this.topology = topology;
    this.node = node;
    this.dialect = Dialect.of(topology.mysql().version());
    this.grouped = topology.replication().hasGroup();
    this.failover = dialect.failover(topology.replication());
    this.sizing = Sizing.of(node.machine().memory());
    this.file = new OptionFile(dialect, userOptions());
  }

  /**
   * The option file's text.
   *
   * @throws IllegalArgumentException if the user's options name one that only clusterctl may set
   */
  public static String render(Topology topology, Node node) {
    return new MyCnf(topology, node).text();
  }

  /** Where members of the group reach this one: {@code ADDRESS:PORT}. */
  public static String groupAddress(Topology topology, Node node) {
    FailoverSettings settings =
        Dialect.of(topology.mysql().version()).failover(topology.replication());
    boolean ownPort = settings.communicationStack() == CommunicationStack.XCOM;
    return node.address() + ":" + (ownPort ? XCOM_PORT : PORT);
  }

  private String text() {
    identity();
    network();
    replication();
    if (grouped) {
      groupReplication();
      groupFailover();
    } else {
      sourceAndReplica();
    }
    durability();
    memory();
    if (sizing.leastPerformanceSchema()) {
      leastPerformanceSchema();
    }
    return Header.comment("#")
        + "# MySQL %s on %s, a machine with %d MB of memory.\n"
            .formatted(dialect.version(), node.name(), node.machine().memory())
        + "\n[mysqld]\n"
        + file.text()
        + (grouped ? memberFile() : "");
  }

  private static String memberFile() {
    return """

        # clusterctl writes member.cnf in there once this node is a member of its group: it says that the
        # server joins the group whenever it starts. Before there is a group, nobody can be joined.
        !includedir %s
        """
        .formatted(MemberFile.DIRECTORY + "/");
  }

  private Map<String, String> userOptions() {
    Map<String, String> options = new LinkedHashMap<>();
    add(options, topology.mysql().options());
    add(options, node.options());
    return options;
  }

  private void add(Map<String, String> options, Map<String, String> more) {
    more.forEach((name, value) -> options.put(dialect.optionName(name), value));
  }

  private void identity() {
    file.group("Who this server is")
        .set("server_id", node.serverId(), "Unique in the cluster.")
        .set("report_host", node.address(), "How the other nodes and the proxy reach it.")
        .set("report_port", PORT)
        .set("port", PORT)
        .set("user", "mysql")
        .set("log_error", "/var/log/mysql/error.log")
        .set("character_set_server", "utf8mb4", "latin1 by default before 8.0.");
  }

  private void network() {
    file.group("Where it listens: on its own address, not on every network of the machine")
        .set(
            "bind_address",
            dialect.has(Feature.BIND_ADDRESS_LIST)
                ? node.address() + ",127.0.0.1"
                : node.address().value())
        .set(
            "skip_name_resolve",
            "ON",
            "Accounts are limited by address; a slow name server must not slow down logging in.");
    if (dialect.has(ServerOption.MYSQLX)) {
      file.set("mysqlx", "OFF", "Nobody here speaks the X protocol: saves memory and a port.");
    }
    if (dialect.has(ServerOption.MYSQL_NATIVE_PASSWORD) && proxyNeedsNative()) {
      file.set("mysql_native_password", "ON", "ProxySQL 1.4 can't log in in any other way.");
    }
    file.set("local_infile", "OFF", "Clients can't be asked for their files.");
  }

  private void replication() {
    file.group(
            grouped
                ? "Replication by GTID and row, which Group Replication requires"
                : "Replication by GTID and row: a replica finds its place by itself")
        .set("gtid_mode", "ON")
        .set("enforce_gtid_consistency", "ON")
        .set("log_bin", "binlog")
        .set("binlog_format", "ROW")
        .set("log_slave_updates", "ON");
    if (dialect.has(ServerOption.MASTER_INFO_REPOSITORY)) {
      file.set("master_info_repository", "TABLE").set("relay_log_info_repository", "TABLE");
    }
    if (dialect.has(ServerOption.TRANSACTION_WRITE_SET_EXTRACTION)) {
      file.set("transaction_write_set_extraction", "XXHASH64");
    }
    boolean checksums = !grouped || dialect.has(Feature.CHECKSUMS_IN_GROUPS);
    file.set(
        "binlog_checksum",
        checksums ? "CRC32" : "NONE",
        checksums ? "" : "Groups take no checksums before 8.0.21.");
    if (dialect.has(ServerOption.BINLOG_EXPIRE_LOGS_SECONDS)) {
      file.set(
          "binlog_expire_logs_seconds",
          7 * 24 * 3600,
          "A week: so long may a node be away and still catch up from the others.");
    } else {
      file.set(
          "expire_logs_days", 7, "So long may a node be away and still catch up from the others.");
    }
    file.set("max_binlog_size", "100M")
        .set(
            "disabled_storage_engines",
            "MyISAM,BLACKHOLE,FEDERATED,ARCHIVE,MEMORY",
            "They know no transactions: what fails half-way there can't be taken back.");
    file.group("Changes from the others are applied side by side, committed in their order");
    if (dialect.has(ServerOption.SLAVE_PARALLEL_TYPE)
        || dialect.has(ServerOption.REPLICA_PARALLEL_TYPE)) {
      file.set("slave_parallel_type", "LOGICAL_CLOCK");
    }
    if (topology.replication().isInnodbCluster()
        && dialect.has(ServerOption.BINLOG_TRANSACTION_DEPENDENCY_TRACKING)) {
      file.set(
          "binlog_transaction_dependency_tracking",
          "WRITESET",
          "AdminAPI asks for it: what touches different rows can be applied side by side.");
    }
    file.set("slave_parallel_workers", sizing.parallelWorkers())
        .set("slave_preserve_commit_order", "ON");
    autoIncrement();
  }

  /**
   * Group Replication derives the offset from server_id, and MySQL ignores an offset larger than
   * the increment: with server_id 130 to 132 every node would hand out the same ids.
   */
  private void autoIncrement() {
    if (topology.replication().mode() == Mode.MULTI_PRIMARY) {
      file.group("Every node hands out ids of its own: writers never collide on AUTO_INCREMENT")
          .set("auto_increment_increment", increment())
          .set("auto_increment_offset", position());
    } else {
      file.group("One node at a time hands out ids: no gaps needed between them")
          .set("auto_increment_increment", 1)
          .set("auto_increment_offset", 1);
    }
  }

  /**
   * Nothing here says who is the source: roles change, and a node that was the source when it went
   * down may not be when it comes back.
   */
  private void sourceAndReplica() {
    file.group(
            """
            Every server starts read-only, from its first second. The one that is the source is told so
            once its service has asked the others whether they agree (role-guard, see the service).""")
        .set("super_read_only", "ON")
        .set("read_only", "ON")
        .set("skip_slave_start", "OFF", "A replica goes on by itself.")
        .set("relay_log", "relay")
        .set("relay_log_recovery", "ON", "After a crash it fetches again what it hasn't applied.")
        .set(
            "slave_net_timeout",
            10,
            "Seconds without a sign of the source until the replica connects anew; 60 by default.");
    if (dialect.has(Feature.CLONE)) {
      file.set("plugin_load_add", "mysql_clone.so");
    }
    if (topology.replication().sourceReplica().orElseThrow().semiSync()) {
      semiSync();
    }
  }

  private void semiSync() {
    SemiSync names = dialect.semiSync();
    file.group(
            """
            Semi-synchronous replication: a commit is acknowledged once a replica has received it.""")
        .set("plugin_load_add", names.sourceLibrary())
        .set("plugin_load_add", names.replicaLibrary())
        .set(
            names.sourceVariable("enabled"),
            "OFF",
            """
            role-guard and clusterctl switch it on where this server is the source. On a replica what it
            applies would wait, too, for replicas that it hasn't got.""")
        .set(names.replicaVariable("enabled"), "ON")
        .set(
            names.sourceVariable("wait_point"),
            "AFTER_SYNC",
            "Nobody reads a transaction on the source that no replica has received.")
        .set(
            names.sourceVariable("timeout"),
            10_000,
            """
            Milliseconds without an acknowledgement until the source goes on alone. While it does,
            a fail-over may lose what it committed: clusterctl status says so.""")
        .set(
            names.sourceVariable("wait_no_" + names.replica()),
            "ON",
            "One that has lost its replicas waits as long.");
  }

  private void groupReplication() {
    Replication replication = topology.replication();
    boolean multi = replication.mode() == Mode.MULTI_PRIMARY;
    file.group(
            """
            Group Replication. The prefix loose_ lets a server start that hasn't loaded the plugin.
            A server outside its group must never take writes: it starts read-only, and the group
            makes its primaries writable.""")
        .set("super_read_only", "ON")
        .set("plugin_load_add", "group_replication.so");
    if (dialect.has(Feature.CLONE)) {
      file.set("plugin_load_add", "mysql_clone.so");
    }
    file.set("group_replication_group_name", replication.groupName())
        .set("group_replication_single_primary_mode", multi ? "OFF" : "ON")
        .set("group_replication_enforce_update_everywhere_checks", multi ? "ON" : "OFF")
        .set("group_replication_auto_increment_increment", multi ? increment() : 1)
        .set("group_replication_bootstrap_group", "OFF", "A group is made once, by hand.")
        .set("group_replication_start_on_boot", "OFF", "Unless member.cnf says so, see below.");
    if (dialect.has(ServerOption.GROUP_REPLICATION_COMMUNICATION_STACK)) {
      file.set("group_replication_communication_stack", failover.communicationStack());
    }
    file.set("group_replication_local_address", groupAddress(topology, node))
        .set(
            "group_replication_group_seeds",
            topology.nodes().stream()
                .map(n -> groupAddress(topology, n))
                .collect(Collectors.joining(",")));
    if (failover.communicationStack() == CommunicationStack.XCOM) {
      file.set(
          "group_replication_ip_whitelist",
          topology.nodes().stream().map(n -> n.address().value()).collect(Collectors.joining(",")));
    }
    file.set("group_replication_ssl_mode", "REQUIRED")
        .set("group_replication_recovery_use_ssl", "ON");
    if (dialect.has(ServerOption.GROUP_REPLICATION_RECOVERY_GET_PUBLIC_KEY)) {
      file.set("group_replication_recovery_get_public_key", "ON");
    }
    if (dialect.has(ServerOption.GROUP_REPLICATION_CLONE_THRESHOLD)) {
      file.set(
          "group_replication_clone_threshold",
          NEVER_BY_SIZE,
          "A joining member is cloned only where the others' binary logs don't reach back far"
              + " enough.");
    }
    if (dialect.has(ServerOption.GROUP_REPLICATION_TRANSACTION_SIZE_LIMIT)) {
      file.set(
          "group_replication_transaction_size_limit",
          150_000_000,
          "Bytes. A larger transaction would hold up the whole group, and is refused.");
    }
    if (dialect.has(ServerOption.GROUP_REPLICATION_MESSAGE_CACHE_SIZE)) {
      boolean small = dialect.has(Feature.SMALL_MESSAGE_CACHE);
      file.set(
          "group_replication_message_cache_size",
          (small ? sizing.messageCache() : 1024) * 1024L * 1024L,
          small
              ? "Bytes kept for members that fall behind; 128 MB is the least."
              : "Bytes kept for members that fall behind; less is possible from 8.0.21 on.");
    }
  }

  private void groupFailover() {
    file.group("What decides how fast and how safely the group gets over the loss of a member");
    failover
        .memberExpelTimeout()
        .ifPresent(
            seconds ->
                file.set(
                    "group_replication_member_expel_timeout",
                    seconds,
                    """
                    Seconds that a silent member stays suspected, after the 5 s that it takes to be. 0 is
                    fastest: clients wait 7 s for a new primary, not 21 s. The price: when the network
                    is away for more than 5 s, a member is expelled, and rejoins by itself."""));
    failover
        .unreachableMajorityTimeout()
        .ifPresent(
            seconds ->
                file.set(
                    "group_replication_unreachable_majority_timeout",
                    seconds,
                    """
                    Seconds after which a member cut off from the majority leaves, instead of holding its
                    clients' commits for ever."""));
    failover
        .exitStateAction()
        .ifPresent(
            action ->
                file.set(
                    "group_replication_exit_state_action",
                    action,
                    switch (action) {
                      case OFFLINE_MODE -> whyOffline();
                      case READ_ONLY -> "A member that had to leave takes no more writes.";
                      case ABORT_SERVER ->
                          """
                          A member that had to leave ends; systemd starts it again, and it joins. (It can't
                          rejoin by itself before 8.0.16.)""";
                    }));
    failover
        .autorejoinTries()
        .ifPresent(
            tries ->
                file.set(
                    "group_replication_autorejoin_tries",
                    tries,
                    "How often it tries to come back, five minutes apart."));
    failover
        .consistency()
        .ifPresent(
            level ->
                file.set(
                    "group_replication_consistency",
                    level,
                    switch (level) {
                      case BEFORE_ON_PRIMARY_FAILOVER ->
                          "A new primary first applies what the old one left: nobody reads the past.";
                      case EVENTUAL, BEFORE, AFTER, BEFORE_AND_AFTER -> "";
                    }));
  }

  private void durability() {
    file.group("An acknowledged commit survives a crash of the machine")
        .set("innodb_flush_log_at_trx_commit", 1)
        .set("sync_binlog", 1);
  }

  private void memory() {
    file.group("Sized for %d MB of memory".formatted(node.machine().memory()))
        .set("innodb_buffer_pool_size", sizing.bufferPool() + "M")
        .set("innodb_log_buffer_size", "16M", "64M by default from 8.4 on.")
        .set("innodb_flush_method", "O_DIRECT", "No second copy in the file system's cache.");
    if (dialect.has(ServerOption.INNODB_REDO_LOG_CAPACITY)) {
      file.set("innodb_redo_log_capacity", sizing.redoLog() + "M");
    } else {
      file.set("innodb_log_file_size", sizing.redoLog() / 2 + "M", "There are two of them.");
    }
    file.set("max_connections", sizing.maxConnections())
        .set("table_open_cache", sizing.tableOpenCache())
        .set("table_definition_cache", sizing.tableDefinitionCache())
        .set("tmp_table_size", sizing.temporaryTable() + "M")
        .set("max_heap_table_size", sizing.temporaryTable() + "M");
  }

  private void leastPerformanceSchema() {
    file.group(
            """
            performance_schema stays on: what replication does can't be seen without it. What it keeps
            of past statements would take a third of a small machine.""")
        .set("performance_schema", "ON")
        .set("performance_schema_digests_size", 0)
        .set("performance_schema_max_digest_length", 0)
        .set("performance_schema_max_sql_text_length", 0)
        .set("performance_schema_events_stages_history_size", 0)
        .set("performance_schema_events_stages_history_long_size", 0)
        .set("performance_schema_events_statements_history_size", 0)
        .set("performance_schema_events_statements_history_long_size", 0)
        .set("performance_schema_events_transactions_history_size", 0)
        .set("performance_schema_events_transactions_history_long_size", 0)
        .set("performance_schema_events_waits_history_size", 0)
        .set("performance_schema_events_waits_history_long_size", 0);
    if (dialect.has(ServerOption.PERFORMANCE_SCHEMA_ERROR_SIZE)) {
      file.set("performance_schema_error_size", 0);
    }
    file.set("performance_schema_max_memory_classes", 0)
        .set("performance_schema_max_table_instances", 200)
        .set("performance_schema_max_table_handles", 200)
        .set("performance_schema_max_index_stat", 400)
        .set("performance_schema_max_file_instances", 600)
        .set("performance_schema_max_program_instances", 0)
        .set("performance_schema_accounts_size", 20)
        .set("performance_schema_hosts_size", 20)
        .set("performance_schema_users_size", 20)
        .set(
            "performance_schema_max_thread_instances",
            (connections() + STEP - 1) / STEP * STEP + OWN_THREADS,
            "One a session, by the hundred as a change takes a restart, and the server's own.");
  }

  /** Most sessions at a time: the user's figure where it is one. */
  private int connections() {
    String text = file.effective("max_connections", String.valueOf(sizing.maxConnections()));
    return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : sizing.maxConnections();
  }

  private String whyOffline() {
    String why =
        """
        A member that had to leave takes no writes, and once it has tried to come back in
        vain it sends its clients away, rather than show them old data.""";
    return topology.proxy().orElse(null) instanceof Proxy.ProxySql proxy
            && proxy.verdict(topology.mysql()) instanceof ProxySqlCompatibility.ReadOnlyHostgroups
        ? why
            + """

            ProxySQL %s relies on it: whether a server is read-only is all that it sees of
            these (mysql_replication_hostgroups with super_read_only)."""
                .formatted(proxy.version())
        : why;
  }

  private boolean proxyNeedsNative() {
    return topology.proxy().stream()
        .anyMatch(
            p ->
                p instanceof Proxy.ProxySql
                    && ProxySqlCompatibility.needsNativePasswords(p.version()));
  }

  private int increment() {
    return Math.max(LEAST_INCREMENT, topology.nodes().size());
  }

  /** 1 for the file's first node. */
  private int position() {
    return topology.nodes().indexOf(node) + 1;
  }
}
