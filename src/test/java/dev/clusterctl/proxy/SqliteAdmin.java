package dev.clusterctl.proxy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables with the constraints of ProxySQL's admin interface (the columns that clusterctl or a test
 * touches) in SQLite, and LOAD and SAVE as copies between them. The constraints are those of the
 * facts about 1.4 and 2.x that ProxySQL documents.
 */
final class SqliteAdmin implements AdminSession {
  private static final List<String> SERVERS =
      List.of(
          "mysql_servers", "mysql_group_replication_hostgroups", "mysql_replication_hostgroups");

  private final Connection connection;
  private final boolean hashesPasswords;
  final List<AdminStatement> executed = new ArrayList<>();

  SqliteAdmin(boolean v2) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    hashesPasswords = !v2;
    run("ATTACH ':memory:' AS disk");
    for (String prefix : List.of("", "runtime_", "disk.")) {
      create(prefix, v2);
    }
    for (String prefix : List.of("", "runtime_")) {
      for (String[] variable : variables(v2)) {
        run(
            "INSERT INTO %sglobal_variables VALUES ('%s', '%s')"
                .formatted(prefix, variable[0], variable[1]));
      }
    }
  }

  private void create(String prefix, boolean v2) throws SQLException {
    String port = v2 ? "CHECK (port BETWEEN 0 AND 65535)" : "";
    run(
        """
        CREATE TABLE %smysql_servers (
          hostgroup_id INT NOT NULL DEFAULT 0 CHECK (hostgroup_id >= 0),
          hostname VARCHAR NOT NULL, port INT NOT NULL DEFAULT 3306 %s,
          status VARCHAR NOT NULL DEFAULT 'ONLINE'
            CHECK (UPPER(status) IN ('ONLINE', 'SHUNNED', 'OFFLINE_SOFT', 'OFFLINE_HARD')),
          weight INT NOT NULL DEFAULT 1 CHECK (weight >= 0),
          use_ssl INT NOT NULL DEFAULT 0 CHECK (use_ssl IN (0, 1)),
          comment VARCHAR NOT NULL DEFAULT '',
          PRIMARY KEY (hostgroup_id, hostname, port))"""
            .formatted(prefix, port));
    // At run time a user has a row towards clients and one towards servers.
    run(
        """
        CREATE TABLE %smysql_users (
          username VARCHAR NOT NULL, password VARCHAR,
          active INT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
          default_hostgroup INT NOT NULL DEFAULT 0,
          transaction_persistent INT NOT NULL DEFAULT 1 CHECK (transaction_persistent IN (0, 1)),
          backend INT NOT NULL DEFAULT 1 CHECK (backend IN (0, 1)),
          frontend INT NOT NULL DEFAULT 1 CHECK (frontend IN (0, 1)),
          %s PRIMARY KEY (username, backend), UNIQUE (username, frontend))"""
            .formatted(prefix, v2 ? "comment VARCHAR NOT NULL DEFAULT ''," : ""));
    run(
        """
        CREATE TABLE %smysql_group_replication_hostgroups (
          writer_hostgroup INT NOT NULL PRIMARY KEY CHECK (writer_hostgroup >= 0),
          backup_writer_hostgroup INT NOT NULL UNIQUE CHECK (backup_writer_hostgroup >= 0
            AND backup_writer_hostgroup <> writer_hostgroup),
          reader_hostgroup INT NOT NULL UNIQUE CHECK (reader_hostgroup > 0
            AND reader_hostgroup NOT IN (writer_hostgroup, backup_writer_hostgroup)),
          offline_hostgroup INT NOT NULL UNIQUE CHECK (offline_hostgroup >= 0 AND offline_hostgroup
            NOT IN (writer_hostgroup, backup_writer_hostgroup, reader_hostgroup)),
          active INT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
          max_writers INT NOT NULL DEFAULT 1 CHECK (max_writers >= 0),
          writer_is_also_reader INT NOT NULL DEFAULT 0 CHECK (writer_is_also_reader IN (%s)),
          max_transactions_behind INT NOT NULL DEFAULT 0 CHECK (max_transactions_behind >= 0),
          comment VARCHAR)"""
            .formatted(prefix, v2 ? "0, 1, 2" : "0, 1"));
    run(
        """
        CREATE TABLE %smysql_replication_hostgroups (
          writer_hostgroup INT NOT NULL PRIMARY KEY CHECK (writer_hostgroup >= 0),
          reader_hostgroup INT NOT NULL UNIQUE CHECK (reader_hostgroup <> writer_hostgroup), %s
          comment VARCHAR NOT NULL DEFAULT '')"""
            .formatted(
                prefix,
                v2
                    ? "check_type VARCHAR NOT NULL DEFAULT 'read_only' CHECK (LOWER(check_type) IN"
                        + " ('read_only', 'innodb_read_only', 'super_read_only',"
                        + " 'read_only|innodb_read_only', 'read_only&innodb_read_only')),"
                    : ""));
    run(
        """
        CREATE TABLE %smysql_query_rules (
          rule_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
          active INT NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
          match_digest VARCHAR, match_pattern VARCHAR, destination_hostgroup INT,
          apply INT NOT NULL DEFAULT 0 CHECK (apply IN (0, 1)), comment VARCHAR)"""
            .formatted(prefix));
    run(
        "CREATE TABLE %sglobal_variables (variable_name VARCHAR NOT NULL PRIMARY KEY, variable_value VARCHAR NOT NULL)"
            .formatted(prefix));
  }

  private static List<String[]> variables(boolean v2) {
    List<String[]> all = new ArrayList<>();
    for (String name :
        List.of(
            "admin-admin_credentials",
            "admin-stats_credentials",
            "mysql-server_version",
            "mysql-monitor_enabled",
            "mysql-monitor_username",
            "mysql-monitor_password",
            "mysql-monitor_groupreplication_healthcheck_interval",
            "mysql-monitor_groupreplication_healthcheck_timeout",
            "mysql-monitor_read_only_interval",
            "mysql-monitor_read_only_timeout",
            "mysql-monitor_ping_interval",
            "mysql-monitor_ping_timeout",
            "mysql-monitor_ping_max_failures",
            "mysql-monitor_connect_interval",
            "mysql-monitor_connect_timeout",
            "mysql-connect_timeout_server",
            "mysql-shun_recovery_time_sec",
            "mysql-monitor_writer_is_also_reader",
            "mysql-wait_timeout")) {
      all.add(new String[] {name, "as installed"});
    }
    all.add(new String[] {"mysql-interfaces", "0.0.0.0:6033"});
    if (v2) {
      all.add(new String[] {"mysql-default_authentication_plugin", "mysql_native_password"});
    } else {
      all.add(new String[] {"admin-hash_passwords", "true"});
    }
    return all;
  }

  @Override
  public List<Map<String, String>> query(String select) {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(select)) {
      List<Map<String, String>> rows = new ArrayList<>();
      while (result.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          if (result.getString(i) != null) {
            row.put(result.getMetaData().getColumnLabel(i), result.getString(i));
          }
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError(select, e);
    }
  }

  @Override
  public void execute(AdminStatement statement) {
    executed.add(statement);
    String[] words = statement.sql().split(" ");
    try {
      if (words[0].equals("LOAD")) {
        copy(statement.sql().substring(5).replace(" TO RUNTIME", ""), "runtime_");
      } else if (words[0].equals("SAVE")) {
        copy(statement.sql().substring(5).replace(" TO DISK", ""), "disk.");
      } else {
        run(statement.sql());
      }
    } catch (SQLException e) {
      throw new AssertionError(statement.sql(), e);
    }
  }

  private void copy(String module, String to) throws SQLException {
    switch (module) {
      case "ADMIN VARIABLES" -> copyTable("global_variables", to, "variable_name LIKE 'admin-%'");
      case "MYSQL VARIABLES" -> copyTable("global_variables", to, "variable_name LIKE 'mysql-%'");
      case "MYSQL SERVERS" -> {
        for (String table : SERVERS) {
          copyTable(table, to, "1");
        }
      }
      case "MYSQL QUERY RULES" ->
          copyTable("mysql_query_rules", to, to.equals("disk.") ? "1" : "active = 1");
      case "MYSQL USERS" -> {
        copyTable("mysql_users", to, "1");
        if (to.equals("runtime_")) {
          loadUsers();
        }
      }
      default -> throw new SQLException("no such module: " + module);
    }
  }

  private void loadUsers() throws SQLException {
    for (Map<String, String> user : query("SELECT * FROM mysql_users")) {
      String name = user.get("username");
      if (hashesPasswords) {
        run(
            "UPDATE runtime_mysql_users SET password = '%s' WHERE username = '%s'"
                .formatted(Passwords.hashed(user.get("password")), name));
      }
      run("UPDATE runtime_mysql_users SET backend = 0 WHERE username = '%s'".formatted(name));
      Map<String, String> towardsServers =
          query("SELECT * FROM runtime_mysql_users WHERE username = '%s'".formatted(name)).get(0);
      towardsServers.putAll(Map.of("backend", "1", "frontend", "0"));
      run(Sqlite.insert("runtime_mysql_users", towardsServers));
    }
  }

  private void copyTable(String table, String to, String which) throws SQLException {
    String target = to + table;
    run("DELETE FROM " + target + (table.equals("global_variables") ? " WHERE " + which : ""));
    run("INSERT INTO %s SELECT * FROM main.%s WHERE %s".formatted(target, table, which));
  }

  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
