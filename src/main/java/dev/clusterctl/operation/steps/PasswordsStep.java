package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.NativePassword;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ReplicationDriver;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The accounts that come through the group log in with the password that is known for them now: one
 * from the environment or a file may be another than last time, and whoever has the cluster.yaml
 * decides. And they log in in a way that the proxy knows.
 */
final class PasswordsStep extends ClusterStep {
  private final Cluster cluster;
  private final ReplicationDriver driver;
  private final String plugin;

  PasswordsStep(Cluster cluster, Set<String> needs) {
    super(CLUSTER, "passwords", "accounts log in with their passwords", needs, Set.of());
    this.cluster = cluster;
    this.driver = cluster.driver();
    this.plugin = Accounts.groupPlugin(cluster.topology());
  }

  @Override
  public Check check() throws IOException {
    Node writer = driver.requireWriter();
    List<String> changes = new ArrayList<>();
    try (Session session = cluster.admin(writer)) {
      for (Account account : cluster.groupAccounts()) {
        difference(writer, session, account).ifPresent(changes::add);
      }
    }
    return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, List.of());
  }

  @Override
  public void apply(Progress progress) throws IOException {
    Node writer = driver.requireWriter();
    try (Session session = cluster.admin(writer, Accounts.CHANGE)) {
      for (Account account : cluster.groupAccounts()) {
        if (difference(writer, session, account).isPresent()) {
          progress.report("account " + account.user());
          for (String statement : Accounts.identification(account, plugin)) {
            session.run("setting the password of " + account.user(), statement);
          }
        }
      }
    }
  }

  private Optional<String> difference(Node writer, Session session, Account account)
      throws IOException {
    for (String host : account.hosts()) {
      String name = Quoting.account(account.user(), host);
      // One that isn't there is made anew.
      Optional<Row> there = Accounts.row(session, account.user(), host);
      if (!there.map(r -> r.text("plugin")).orElse("").equals(plugin)) {
        return Optional.of("have %s log in with %s".formatted(name, plugin));
      }
    }
    boolean works =
        plugin.equals(NativePassword.PLUGIN)
            ? Accounts.keepsPassword(session, account)
            : letsIn(writer, account);
    return works ? Optional.empty() : Optional.of("set the password of " + account.user());
  }

  /** Asked from where the account may come from: the proxies' machines, else the node's own. */
  private boolean letsIn(Node writer, Account account) throws IOException {
    List<Proxy> proxies = cluster.topology().proxies();
    if (proxies.isEmpty()) {
      return letsIn(cluster.server(writer), account);
    }
    for (Proxy proxy : proxies) {
      MySqlServer server =
          new MySqlServer(writer.name().value(), cluster.remote(proxy.name()), writer.address());
      if (!letsIn(server, account)) {
        return false;
      }
    }
    return true;
  }

  private static boolean letsIn(MySqlServer server, Account account) throws IOException {
    MySqlServer.Tls tls = account.requireSsl() ? MySqlServer.Tls.REQUIRED : MySqlServer.Tls.OFF;
    try (Session session = server.open(account.credentials(), tls, Cluster.STATEMENT)) {
      return session.value("SELECT 1").isPresent();
    } catch (MySqlException e) {
      if (e.code() == MySqlException.ACCESS_DENIED) {
        return false;
      }
      throw e;
    }
  }
}
