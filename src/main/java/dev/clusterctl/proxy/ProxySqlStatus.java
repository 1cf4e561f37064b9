package dev.clusterctl.proxy;

import dev.clusterctl.topology.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What ProxySQL makes of the servers right now.
 *
 * @param servers a row for each hostgroup that a server is in, in the order of the hostgroups
 * @param errors what went wrong when the monitor last looked at a server, if anything did
 */
public record ProxySqlStatus(List<Server> servers, List<MonitorError> errors) {
  public ProxySqlStatus {
    servers = List.copyOf(servers);
    errors = List.copyOf(errors);
  }

  /** What a hostgroup is for. */
  public enum Role {
    WRITER,
    BACKUP_WRITER,
    READER,
    OFFLINE
  }

  /**
   * A server in a hostgroup.
   *
   * @param status as ProxySQL says it: {@code ONLINE}, {@code SHUNNED}, {@code OFFLINE_SOFT}, …
   */
  public record Server(Role role, int hostgroup, String host, int port, String status) {}

  /**
   * Why the monitor can't see a server.
   *
   * @param check {@code connect}, {@code ping}, {@code read_only} or {@code group_replication}
   */
  public record MonitorError(String check, String host, int port, String error) {}

  /** What is looked at, with the column that has the error. */
  private record Log(String check, String errorColumn) {}

  private static final List<Log> LOGS =
      List.of(
          new Log("connect", "connect_error"),
          new Log("ping", "ping_error"),
          new Log("read_only", "error"),
          new Log("group_replication", "error"));

  /**
   * Asks.
   *
   * @throws ProxySqlException if ProxySQL doesn't answer
   */
  public static ProxySqlStatus read(AdminSession admin, Proxy.HostGroups hostgroups)
      throws ProxySqlException {
    List<Server> servers = new ArrayList<>();
    for (Map<String, String> row :
        admin.query(
            "SELECT hostgroup_id, hostname, port, status FROM runtime_mysql_servers"
                + " ORDER BY hostgroup_id, hostname, port")) {
      int hostgroup = Integer.parseInt(row.getOrDefault("hostgroup_id", "-1"));
      role(hostgroup, hostgroups)
          .ifPresent(
              role ->
                  servers.add(
                      new Server(
                          role,
                          hostgroup,
                          row.getOrDefault("hostname", ""),
                          port(row),
                          row.getOrDefault("status", ""))));
    }
    List<MonitorError> errors = new ArrayList<>();
    for (Log log : LOGS) {
      // The last look at each server counts. An older error is history.
      for (Map<String, String> row :
          admin.query(
              ("SELECT hostname, port, %2$s AS error FROM monitor.mysql_server_%1$s_log l"
                      + " WHERE %2$s IS NOT NULL AND time_start_us = (SELECT MAX(time_start_us)"
                      + " FROM monitor.mysql_server_%1$s_log m"
                      + " WHERE m.hostname = l.hostname AND m.port = l.port)"
                      + " ORDER BY hostname, port")
                  .formatted(log.check(), log.errorColumn()))) {
        errors.add(
            new MonitorError(
                log.check(),
                row.getOrDefault("hostname", ""),
                port(row),
                row.getOrDefault("error", "")));
      }
    }
    return new ProxySqlStatus(servers, errors);
  }

  private static int port(Map<String, String> row) {
    return Integer.parseInt(row.getOrDefault("port", "0"));
  }

  private static Optional<Role> role(int hostgroup, Proxy.HostGroups hostgroups) {
    if (hostgroup == hostgroups.writer()) {
      return Optional.of(Role.WRITER);
    } else if (hostgroup == hostgroups.backupWriter()) {
      return Optional.of(Role.BACKUP_WRITER);
    } else if (hostgroup == hostgroups.reader()) {
      return Optional.of(Role.READER);
    } else if (hostgroup == hostgroups.offline()) {
      return Optional.of(Role.OFFLINE);
    }
    return Optional.empty();
  }
}
