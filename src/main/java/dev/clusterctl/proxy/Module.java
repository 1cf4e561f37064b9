package dev.clusterctl.proxy;

import java.util.List;

/** The parts of its configuration that ProxySQL loads and saves as one. */
enum Module {
  ADMIN_VARIABLES("ADMIN VARIABLES", List.of("global_variables")),
  MYSQL_VARIABLES("MYSQL VARIABLES", List.of("global_variables")),
  SERVERS(
      "MYSQL SERVERS",
      List.of(
          "mysql_group_replication_hostgroups", "mysql_replication_hostgroups", "mysql_servers")),
  USERS("MYSQL USERS", List.of("mysql_users")),
  QUERY_RULES("MYSQL QUERY RULES", List.of("mysql_query_rules"));

  private final String words;
  private final List<String> tables;

  Module(String words, List<String> tables) {
    this.words = words;
    this.tables = tables;
  }

  /** Its tables, in the order in which they are edited. */
  List<String> tables() {
    return tables;
  }

  AdminStatement load() {
    String sql = "LOAD " + words + " TO RUNTIME";
    return new AdminStatement(sql, sql);
  }

  AdminStatement save() {
    String sql = "SAVE " + words + " TO DISK";
    return new AdminStatement(sql, sql);
  }
}
