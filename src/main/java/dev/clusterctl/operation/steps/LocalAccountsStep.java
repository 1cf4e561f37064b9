package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The accounts that a server must have before it is in a group, clusterctl's own and the one for
 * recovery, are there; and a server outside its group refuses writes.
 *
 * <p>They are made through the machine's own socket as its root, with binary logging off: they are
 * the same on every node and mustn't travel through the group. A node that is in the group already
 * gets accounts through the group.
 */
final class LocalAccountsStep extends ClusterStep {
  // ER_HOST_NOT_PRIVILEGED: no account at all may come from there.
  private static final int HOST_NOT_ALLOWED = 1130;

  // A fresh data directory has a root without a password. From here on the machine's root is the
  // server's, and nobody else is. One that somebody gave a password is left alone.
  private static final String ROOT_BY_SOCKET =
      """
      SET @open = (SELECT COUNT(*) FROM mysql.user WHERE User = 'root' AND Host = 'localhost' AND authentication_string = '' AND plugin <> 'auth_socket');
      SET @plugin = (SELECT COUNT(*) FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'auth_socket');
      SET @install = IF(@open AND NOT @plugin, 'INSTALL PLUGIN auth_socket SONAME "auth_socket.so"', 'DO 0');
      PREPARE install FROM @install;
      EXECUTE install;
      SET @alter = IF(@open, 'ALTER USER "root"@"localhost" IDENTIFIED WITH auth_socket', 'DO 0');
      PREPARE alteration FROM @alter;
      EXECUTE alteration;
      """;

  private final Cluster cluster;
  private final Node node;
  private final Remote remote;
  private final boolean grouped;

  LocalAccountsStep(Cluster cluster, Node node, Set<String> needs) {
    super(node.name().value(), "accounts", "administration accounts made", needs, Set.of());
    this.cluster = cluster;
    this.node = node;
    this.remote = cluster.remote(node.name());
    this.grouped = cluster.topology().replication().hasGroup();
  }

  @Override
  public Check check() throws IOException {
    try (Session session = cluster.admin(node)) {
      List<String> changes = new ArrayList<>(Accounts.missing(session, cluster.localAccounts()));
      changes.addAll(Accounts.otherPlugin(session, cluster.localAccounts(), plugin()));
      boolean member = cluster.driver().inService(node);
      if (grouped
          && !member
          && session.value("SELECT @@GLOBAL.super_read_only").orElse("").equals("0")) {
        changes.add("refuse writes outside the group (super_read_only=ON)");
      }
      // A group keeps its members' accounts together; of a source and its replicas each has its
      // own.
      if (!changes.isEmpty() || (grouped && member)) {
        return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, List.of());
      }
      return recoveryAccountWorks(session)
          ? Check.satisfied()
          : Check.differs("set the password of " + cluster.recovery(node).user());
    } catch (MySqlException e) {
      if (e.code() == MySqlException.ACCESS_DENIED || e.code() == HOST_NOT_ALLOWED) {
        return Check.differs(
            "make the accounts "
                + cluster.localAccounts().stream()
                    .map(Account::user)
                    .distinct()
                    .collect(Collectors.joining(", ")));
      }
      throw e;
    }
  }

  private String plugin() {
    return Dialect.of(cluster.topology().mysql().version()).authenticationPlugin(false);
  }

  private boolean recoveryAccountWorks(Session session) throws IOException {
    if (!Dialect.of(cluster.topology().mysql().version()).has(Feature.TLS_FOR_CURRENT_CLIENTS)) {
      // The account requires TLS, which no JDK of today speaks with this server.
      String recovery = cluster.recovery().user();
      for (Account account : cluster.localAccounts()) {
        if (account.user().equals(recovery) && !Accounts.keepsPassword(session, account)) {
          return false;
        }
      }
      return true;
    }
    try (Session recovering =
        cluster
            .server(node)
            .open(cluster.recovery(node), MySqlServer.Tls.REQUIRED, Cluster.STATEMENT)) {
      return recovering.value("SELECT 1").isPresent();
    } catch (MySqlException e) {
      if (e.code() == MySqlException.ACCESS_DENIED) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void apply(Progress progress) throws IOException {
    StringBuilder sql = new StringBuilder();
    sql.append("SET SESSION sql_log_bin = OFF;\n");
    sql.append("SET @was_read_only = @@GLOBAL.super_read_only;\n");
    sql.append("SET GLOBAL super_read_only = OFF;\n");
    sql.append(ROOT_BY_SOCKET);
    for (Account account : cluster.localAccounts()) {
      Accounts.statements(account, plugin()).forEach(s -> sql.append(s).append(";\n"));
    }
    // A server that takes writes goes on doing so; a member outside its group stops. (A replica's
    // read_only stays on meanwhile.)
    sql.append(
        grouped
            ? "SET GLOBAL super_read_only = IF((SELECT COUNT(*) FROM"
                + " performance_schema.replication_group_members WHERE MEMBER_ID = @@server_uuid AND"
                + " MEMBER_STATE = 'ONLINE') = 1, @was_read_only, 1);\n"
            : "SET GLOBAL super_read_only = @was_read_only;\n");
    remote.check(
        Command.shell(
                "make the administration accounts",
                "mysql --no-defaults --protocol=socket --user=root --default-character-set=utf8mb4")
            .withStdin(sql.toString()));
  }
}
