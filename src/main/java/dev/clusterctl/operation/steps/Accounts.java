package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Accounts as statements, and whether a server has them. */
final class Accounts {
  private Accounts() {}

  /** Statements after which the account is as it should be, whatever it was before. */
  static List<String> statements(Account account, String plugin) {
    List<String> result = new ArrayList<>();
    for (String host : account.hosts()) {
      String name = Quoting.account(account.user(), host);
      String how =
          " IDENTIFIED WITH %s BY %s REQUIRE %s"
              .formatted(
                  plugin,
                  Quoting.password(account.credentials().password()),
                  account.requireSsl() ? "SSL" : "NONE");
      result.add("CREATE USER IF NOT EXISTS " + name + how);
      result.add("ALTER USER " + name + how + " PASSWORD EXPIRE NEVER");
      for (Account.Grant grant : account.grants()) {
        result.add(
            "GRANT %s ON %s TO %s%s"
                .formatted(
                    grant.privileges(),
                    grant.on(),
                    name,
                    grant.grantOption() ? " WITH GRANT OPTION" : ""));
      }
    }
    return result;
  }

  /** What has to be made, a line each; empty where all accounts exist for all their hosts. */
  static List<String> missing(Session session, List<Account> accounts) throws MySqlException {
    Set<String> there = new HashSet<>();
    for (Row row : session.query("SELECT User, Host FROM mysql.user")) {
      there.add(Quoting.account(row.text("User"), row.text("Host")));
    }
    List<String> missing = new ArrayList<>();
    for (Account account : accounts) {
      for (String host : account.hosts()) {
        String name = Quoting.account(account.user(), host);
        if (!there.contains(name)) {
          missing.add("make the account " + name);
        }
      }
    }
    return missing;
  }
}
