package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.ProxySqlCompatibility;
import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NativePassword;
import dev.clusterctl.mysql.Privileges;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Accounts as statements, and whether a server has them. */
final class Accounts {
  /**
   * How long a change that goes through the group may take: while members join, on a busy host, a
   * commit was seen to wait for more than 30 s.
   */
  static final Duration CHANGE = Duration.ofMinutes(2);

  private Accounts() {}

  /** Statements after which the account is as it should be, whatever it was before. */
  static List<String> statements(Account account, String plugin) {
    List<String> result = new ArrayList<>(identification(account, plugin));
    for (String host : account.hosts()) {
      String name = Quoting.account(account.user(), host);
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

  /** Statements after which the account is there, and logs in as it should. */
  static List<String> identification(Account account, String plugin) {
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
    }
    return result;
  }

  /**
   * What has to be made or granted, a line each, with the account's name; empty where all accounts
   * are there for all their hosts and may do what they should. What they may do besides doesn't
   * count, see {@link #besides}.
   */
  static List<String> missing(Session session, List<Account> accounts) throws MySqlException {
    List<String> missing = new ArrayList<>();
    for (Account account : accounts) {
      for (String host : account.hosts()) {
        String name = Quoting.account(account.user(), host);
        Optional<Row> there = row(session, account.user(), host);
        if (there.isEmpty()) {
          missing.add("make the account " + name);
          continue;
        }
        boolean requiresSsl = there.get().text("ssl_type").equals("ANY");
        if (account.requireSsl() && !requiresSsl) {
          missing.add("have the account %s require TLS".formatted(name));
        } else if (!account.requireSsl() && !there.get().text("ssl_type").isEmpty()) {
          missing.add("have the account %s not require TLS".formatted(name));
        }
        Privileges privileges = Privileges.of(session, account.user(), host);
        for (Account.Grant grant : account.grants()) {
          privileges
              .missing(grant)
              .forEach(what -> missing.add("grant %s to %s".formatted(what, name)));
        }
      }
    }
    return missing;
  }

  /**
   * Accounts that are there and log in with another plugin, a line each: they keep that of the
   * version which they were made with, and a later version may not have it any more.
   */
  static List<String> otherPlugin(Session session, List<Account> accounts, String plugin)
      throws MySqlException {
    List<String> other = new ArrayList<>();
    for (Account account : accounts) {
      for (String host : account.hosts()) {
        Optional<Row> there = row(session, account.user(), host);
        if (there.isPresent() && !there.get().text("plugin").equals(plugin)) {
          other.add(
              "have %s log in with %s".formatted(Quoting.account(account.user(), host), plugin));
        }
      }
    }
    return other;
  }

  /** What the accounts may do that nobody asked for, a line each: for people to look at. */
  static List<String> besides(Session session, List<Account> accounts) throws MySqlException {
    List<String> besides = new ArrayList<>();
    for (Account account : accounts) {
      for (String host : account.hosts()) {
        if (row(session, account.user(), host).isPresent()) {
          Privileges.of(session, account.user(), host)
              .besides(account.grants())
              .forEach(
                  what ->
                      besides.add(
                          "%s may do more than cluster.yaml asks for: %s; it stays so"
                              .formatted(Quoting.account(account.user(), host), what)));
        }
      }
    }
    return besides;
  }

  /**
   * Whether the server keeps this password for all of the account's hosts, found out without
   * logging in; for accounts with {@code mysql_native_password} only.
   */
  static boolean keepsPassword(Session session, Account account) throws MySqlException {
    String hash = NativePassword.hash(account.credentials().password());
    for (String host : account.hosts()) {
      Optional<Row> row = row(session, account.user(), host);
      if (!row.map(r -> r.text("authentication_string")).orElse("").equals(hash)) {
        return false;
      }
    }
    return true;
  }

  /**
   * How the accounts log in that come through the group: ProxySQL logs in for the applications and
   * as the monitor, and old ones know one way only.
   */
  static String groupPlugin(Topology topology) {
    boolean old =
        topology.proxy().orElse(null) instanceof Proxy.ProxySql proxy
            && ProxySqlCompatibility.needsNativePasswords(proxy.version());
    return Dialect.of(topology.mysql().version()).authenticationPlugin(old);
  }

  /**
   * Columns plugin, authentication_string and ssl_type of an account; empty where there is none.
   */
  static Optional<Row> row(Session session, String user, String host) throws MySqlException {
    return session
        .query(
            "SELECT plugin, authentication_string, ssl_type FROM mysql.user WHERE User = ? AND"
                + " Host = ?",
            user,
            host)
        .stream()
        .findFirst();
  }
}
