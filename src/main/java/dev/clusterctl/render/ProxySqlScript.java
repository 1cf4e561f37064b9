package dev.clusterctl.render;

import dev.clusterctl.dialect.ProxySqlCompatibility;
import dev.clusterctl.dialect.ProxySqlDialect;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Replication;
import dev.clusterctl.topology.Topology;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What ProxySQL must be told, as a file for people, with placeholders where passwords are. What
 * clusterctl tells it itself is held against what is live, and has time-outs besides; it is in the
 * room {@code proxy}.
 */
final class ProxySqlScript {
  private final Topology topology;
  private final Proxy.ProxySql proxy;
  private final ServerVersion version;
  private final StringBuilder text = new StringBuilder(Header.comment("--"));

  private ProxySqlScript(Topology topology, Proxy.ProxySql proxy) {
    this.topology = topology;
    this.proxy = proxy;
    this.version =
        ProxySqlCompatibility.version(proxy.version())
            .orElseThrow(() -> new IllegalArgumentException(proxy.version() + " is no version"));
  }

  static String render(Topology topology, Proxy.ProxySql proxy) {
    return new ProxySqlScript(topology, proxy).text();
  }

  private String text() {
    text.append(
        """
        -- How ProxySQL is told about the servers, for those who would do it by hand, on its own machine and
        -- once it listens (its first password is admin). Replace each <...>:
        --   mysql --host=127.0.0.1 --port=%d --user=admin --password < sql/proxysql.sql
        -- `clusterctl up` does it, and sets time-outs that make fail-over fast.
        """
            .formatted(proxy.adminPort()));
    section("Administration: accepted as admin from this machine only");
    variable("admin-admin_credentials", "admin:<password of admin>");
    activate("ADMIN VARIABLES");

    section(
        "Clients, and the account that looks at the servers: without its password it sees nothing");
    variable("mysql-interfaces", "0.0.0.0:" + proxy.port());
    variable("mysql-server_version", topology.mysql().version().toString());
    variable("mysql-monitor_username", "clusterctl_monitor");
    variable("mysql-monitor_password", "<password of clusterctl_monitor>");
    activate("MYSQL VARIABLES");
    text.append(
        "-- Ports are opened when it starts: PROXYSQL RESTART, where that of clients was another.\n");

    section("Who takes writes, who only reads, who nothing");
    hostgroups();
    ProxySqlDialect dialect = ProxySqlDialect.of(version, topology.mysql().version());
    boolean multi = topology.replication().mode() == Replication.Mode.MULTI_PRIMARY;
    int initial = multi ? proxy.hostgroups().writer() : proxy.hostgroups().reader();
    for (Node node : topology.nodes()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("hostgroup_id", initial);
      row.put("hostname", node.address().value());
      row.put("port", MyCnf.PORT);
      row.put("use_ssl", dialect.tlsToServers() ? 1 : 0);
      replace("mysql_servers", row);
    }
    activate("MYSQL SERVERS");

    section("The applications' accounts, as on the servers");
    Set<String> users = new LinkedHashSet<>();
    topology.databases().stream().map(Database::user).forEach(users::add);
    for (String user : users) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("username", user);
      row.put("password", "<password of " + user + ">");
      row.put("default_hostgroup", proxy.hostgroups().writer());
      row.put("active", 1);
      row.put("transaction_persistent", 1);
      replace("mysql_users", row);
    }
    activate("MYSQL USERS");
    return text.toString();
  }

  private void hostgroups() {
    Proxy.HostGroups groups = proxy.hostgroups();
    boolean watchesGroup =
        ProxySqlCompatibility.of(version, topology.mysql().version(), true)
            instanceof ProxySqlCompatibility.GroupMonitor;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("writer_hostgroup", groups.writer());
    if (watchesGroup) {
      row.put("backup_writer_hostgroup", groups.backupWriter());
      row.put("reader_hostgroup", groups.reader());
      row.put("offline_hostgroup", groups.offline());
      row.put("active", 1);
      row.put("max_writers", proxy.maxWriters());
      row.put("writer_is_also_reader", proxy.writerIsAlsoReader() ? 1 : 0);
      row.put("max_transactions_behind", proxy.maxTransactionsBehind());
      replace("mysql_group_replication_hostgroups", row);
    } else {
      text.append(
          "-- This ProxySQL can't watch this version's groups: it watches who is read-only.\n");
      row.put("reader_hostgroup", groups.reader());
      row.put("check_type", "super_read_only");
      replace("mysql_replication_hostgroups", row);
    }
  }

  private void section(String title) {
    text.append("\n-- ").append(title).append('\n');
  }

  private void variable(String name, String value) {
    text.append(
        "UPDATE global_variables SET variable_value = %s WHERE variable_name = %s;\n"
            .formatted(literal(value), literal(name)));
  }

  private void replace(String table, Map<String, Object> row) {
    text.append(
        "REPLACE INTO %s (%s)\n  VALUES (%s);\n"
            .formatted(
                table,
                String.join(", ", row.keySet()),
                row.values().stream()
                    .map(value -> value instanceof String word ? literal(word) : value.toString())
                    .collect(Collectors.joining(", "))));
  }

  private void activate(String what) {
    text.append("LOAD %1$s TO RUNTIME;\nSAVE %1$s TO DISK;\n".formatted(what));
  }

  /** SQLite knows no backslash escapes. */
  private static String literal(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
