package dev.clusterctl.render;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.ProxySqlCompatibility;
import dev.clusterctl.dialect.ProxySqlDialect;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The accounts of a cluster as a file for people: what clusterctl makes itself, with placeholders
 * where it puts passwords.
 */
final class Accounts {
  private final Dialect dialect;
  private final Topology topology;
  private final StringBuilder text = new StringBuilder();

  private Accounts(Topology topology) {
    this.topology = topology;
    this.dialect = Dialect.of(topology.mysql().version());
  }

  static String script(Topology topology) {
    return new Accounts(topology).text();
  }

  private String text() {
    text.append(Header.comment("--"))
        .append(
            """
            -- The accounts that clusterctl makes, for those who would make them by hand. Replace each <...>.
            -- Run it on every node before it joins its group: nothing of it is written to the binary log.

            SET SESSION sql_log_bin = 0;
            SET GLOBAL super_read_only = OFF;
            """);
    section("Members of the group read from each other as");
    boolean cluster = topology.replication().isInnodbCluster();
    for (Node node : topology.nodes()) {
      account(
          cluster ? Dialect.recoveryUser(node.serverId()) : "clusterctl_repl",
          cluster ? topology.networkPattern() : node.address().value(),
          false,
          " REQUIRE SSL",
          dialect.recoveryPrivileges() + " ON *.*");
    }
    topology.proxies().forEach(this::throughProxy);
    text.append("\nSET GLOBAL super_read_only = ON;\n");
    return text.toString();
  }

  private void throughProxy(Proxy proxy) {
    boolean proxySql = proxy instanceof Proxy.ProxySql;
    boolean needsNative = proxySql && ProxySqlCompatibility.needsNativePasswords(proxy.version());
    if (proxySql) {
      section("ProxySQL looks at the servers as");
      account(
          "clusterctl_monitor",
          proxy.address().value(),
          needsNative,
          "",
          ProxySqlDialect.MONITOR_RIGHTS.entrySet().stream()
              .map(right -> right.getValue() + " ON " + right.getKey())
              .toArray(String[]::new));
    }
    for (String user :
        new LinkedHashSet<>(topology.databases().stream().map(Database::user).toList())) {
      section("The application comes through the proxy as");
      account(
          user,
          proxy.address().value(),
          needsNative,
          "",
          topology.databases().stream()
              .filter(d -> d.user().equals(user))
              .map(d -> "ALL PRIVILEGES ON `" + d.name().replace("`", "``") + "`.*")
              .toArray(String[]::new));
    }
  }

  private void section(String comment) {
    text.append("\n-- ").append(comment).append('\n');
  }

  private void account(
      String user, String from, boolean needsNative, String require, String... grants) {
    String account = "'" + user.replace("'", "''") + "'@'" + from + "'";
    List<String> lines = new ArrayList<>();
    lines.add(
        "CREATE USER %s IDENTIFIED WITH %s BY '<password of %s>'%s"
            .formatted(account, dialect.authenticationPlugin(needsNative), user, require));
    for (String grant : grants) {
      lines.add("GRANT " + grant + " TO " + account);
    }
    lines.forEach(line -> text.append(line).append(";\n"));
  }
}
