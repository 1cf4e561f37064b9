package dev.clusterctl.dialect;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What must be said differently to a ProxySQL by its version and that of the servers behind it.
 *
 * @param userComments whether {@code mysql_users} has a column {@code comment}: from 2.0 on
 * @param tlsToServers whether ProxySQL should talk TLS to the servers. From MySQL 8.0 on: accounts
 *     with {@code caching_sha2_password} can be logged in to only that way. Not before: MySQL 5.7
 *     before 5.7.28 has TLS 1.1 at best, which the TLS library of a current ProxySQL refuses, and
 *     1.4 can't talk to newer servers than those
 * @param authenticationPlugin what {@code mysql-default_authentication_plugin} should be, where
 *     there is such a variable (from 2.6 on): the servers' own default, as clients expect it
 */
public record ProxySqlDialect(
    boolean userComments, boolean tlsToServers, String authenticationPlugin) {

  /**
   * What the monitor's account must be allowed, by what it is allowed on: the group monitor asks a
   * view in sys, or (from 2.5 on, of MySQL 8) the tables that the view is about, in which it sees
   * nothing without a right.
   */
  public static final SortedMap<String, String> MONITOR_RIGHTS =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.of(
                  "*.*", "REPLICATION CLIENT",
                  "`sys`.*", "SELECT",
                  "`performance_schema`.`replication_group_members`", "SELECT",
                  "`performance_schema`.`replication_group_member_stats`", "SELECT")));

  /** For a version of ProxySQL and one of MySQL. */
  public static ProxySqlDialect of(ServerVersion proxySql, ServerVersion mysql) {
    return new ProxySqlDialect(
        proxySql.atLeast(2, 0, 0),
        proxySql.atLeast(2, 0, 0) && mysql.atLeast(8, 0, 0),
        mysql.atLeast(8, 0, 4) ? "caching_sha2_password" : "mysql_native_password");
  }
}
