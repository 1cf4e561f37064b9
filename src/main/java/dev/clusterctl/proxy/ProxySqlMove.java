package dev.clusterctl.proxy;

import dev.clusterctl.topology.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one server the only writer of a cluster's hostgroups, as its monitor would once it has seen
 * who takes writes.
 */
public final class ProxySqlMove {
  private static final String TABLE = "mysql_servers";
  private static final String HOSTGROUP = "hostgroup_id";

  private final List<AdminStatement> statements;

  private ProxySqlMove(List<AdminStatement> statements) {
    this.statements = List.copyOf(statements);
  }

  /**
   * Reads which servers there are. Changes nothing.
   *
   * @param writer the address of the server that will take writes
   * @throws ProxySqlException if ProxySQL doesn't answer
   */
  public static ProxySqlMove to(AdminSession admin, Proxy.ProxySql proxy, String writer)
      throws ProxySqlException {
    List<AdminStatement> statements =
        new ArrayList<>(edits(admin.query("SELECT * FROM " + TABLE), proxy, writer));
    statements.add(Module.SERVERS.load());
    statements.add(Module.SERVERS.save());
    return new ProxySqlMove(statements);
  }

  /**
   * Does it; clients' new transactions go to the new writer at once.
   *
   * @throws ProxySqlException if ProxySQL refuses or doesn't answer
   */
  public void run(AdminSession admin) throws ProxySqlException {
    for (AdminStatement statement : statements) {
      admin.execute(statement);
    }
  }

  private static List<AdminStatement> edits(
      List<Map<String, String>> rows, Proxy.ProxySql proxy, String writer) {
    Map<String, Map<String, Map<String, String>>> byServer = new LinkedHashMap<>();
    Set<String> ours = new LinkedHashSet<>();
    ours.add(String.valueOf(proxy.hostgroups().writer()));
    ours.add(String.valueOf(proxy.hostgroups().reader()));
    for (Map<String, String> row : rows) {
      String hostgroup = row.getOrDefault(HOSTGROUP, "");
      if (ours.contains(hostgroup)) {
        byServer
            .computeIfAbsent(row.getOrDefault("hostname", ""), h -> new LinkedHashMap<>())
            .put(hostgroup, row);
      }
    }
    List<AdminStatement> edits = new ArrayList<>();
    byServer.forEach(
        (host, places) -> {
          Set<String> wanted = places(host.equals(writer), proxy);
          places.forEach(
              (hostgroup, row) -> {
                if (!wanted.contains(hostgroup)) {
                  edits.add(
                      new AdminStatement(
                          "mysql_servers: remove %s from hostgroup %s".formatted(host, hostgroup),
                          Sqlite.delete(TABLE, key(row))));
                }
              });
          for (String hostgroup : wanted) {
            if (!places.containsKey(hostgroup)) {
              Map<String, String> row = new LinkedHashMap<>(places.values().iterator().next());
              row.put(HOSTGROUP, hostgroup);
              row.put("status", "ONLINE");
              edits.add(
                  new AdminStatement(
                      "mysql_servers: add %s to hostgroup %s".formatted(host, hostgroup),
                      Sqlite.insert(TABLE, row)));
            }
          }
        });
    return edits;
  }

  private static Set<String> places(boolean writes, Proxy.ProxySql proxy) {
    Set<String> places = new LinkedHashSet<>();
    if (writes) {
      places.add(String.valueOf(proxy.hostgroups().writer()));
    }
    if (!writes || proxy.writerIsAlsoReader()) {
      places.add(String.valueOf(proxy.hostgroups().reader()));
    }
    return places;
  }

  private static Map<String, String> key(Map<String, String> row) {
    Map<String, String> key = new LinkedHashMap<>();
    for (String column : List.of(HOSTGROUP, "hostname", "port")) {
      key.put(column, row.getOrDefault(column, ""));
    }
    return key;
  }
}
