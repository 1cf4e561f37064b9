package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ReplicationDriver;
import dev.clusterctl.topology.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The databases exist, and the accounts that come through the group: the applications' and, with
 * ProxySQL, the monitor's. Made on a node that takes writes, from where they replicate.
 */
final class DatabasesStep extends ClusterStep {
  private final Cluster cluster;
  private final ReplicationDriver driver;

  DatabasesStep(Cluster cluster, Set<String> needs, Set<String> after) {
    super(CLUSTER, "databases", "databases and accounts made", needs, after);
    this.cluster = cluster;
    this.driver = cluster.driver();
  }

  @Override
  public Check check() throws IOException {
    try (Session session = cluster.admin(driver.requireWriter())) {
      List<String> changes = new ArrayList<>();
      for (Database database : cluster.topology().databases()) {
        if (!exists(session, database)) {
          changes.add("make the database " + database.name());
        }
      }
      changes.addAll(Accounts.missing(session, accounts()));
      return changes.isEmpty()
          ? new Check.Satisfied(Accounts.besides(session, accounts()))
          : new Check.Differs(changes, List.of());
    }
  }

  @Override
  public void apply(Progress progress) throws IOException {
    try (Session session = cluster.admin(driver.requireWriter(), Accounts.CHANGE)) {
      for (Database database : cluster.topology().databases()) {
        session.run(
            "CREATE DATABASE IF NOT EXISTS "
                + Quoting.identifier(database.name())
                + database.characterSet().map(c -> " CHARACTER SET " + c).orElse(""));
      }
      List<String> missing = Accounts.missing(session, accounts());
      for (Account account : accounts()) {
        if (missing.stream().anyMatch(m -> m.contains(Quoting.literal(account.user())))) {
          progress.report("account " + account.user());
          for (String statement : Accounts.statements(account, plugin(account))) {
            session.run("making the account " + account.user(), statement);
          }
        }
      }
    }
  }

  private String plugin(Account account) throws IOException {
    boolean fromGroup =
        cluster.groupAccounts().stream().anyMatch(a -> a.user().equals(account.user()));
    return fromGroup
        ? Accounts.groupPlugin(cluster.topology())
        : Dialect.of(cluster.topology().mysql().version()).authenticationPlugin(false);
  }

  private List<Account> accounts() throws IOException {
    List<Account> all = new ArrayList<>(cluster.localAccounts());
    all.addAll(cluster.groupAccounts());
    return all;
  }

  private static boolean exists(Session session, Database database) throws MySqlException {
    return session
        .value(
            "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
            database.name())
        .isPresent();
  }
}
