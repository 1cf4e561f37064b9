package dev.clusterctl.mysql;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An account as a server describes it, to be made on another server of the same version. Its
 * password is in it as a hash.
 *
 * @param name quoted
 * @param create the statement that makes it
 * @param grants the statements that give it its rights, in no particular order
 */
public record AccountCopy(String name, String create, Set<String> grants) {
  public AccountCopy {
    grants = Set.copyOf(grants);
  }

  /**
   * The accounts of a server that aren't its own: roles first, since others may have them.
   *
   * @param session may be left with another setting for how hashes are shown
   * @param except users that are left out, whatever host they come from
   */
  public static List<AccountCopy> of(Session session, ServerVersion version, Set<String> except)
      throws MySqlException {
    Dialect dialect = Dialect.of(version);
    if (dialect.has(Feature.HASHES_AS_HEXADECIMAL)) {
      session.run("SET SESSION print_identified_with_as_hex = ON");
    }
    Set<String> roles = new HashSet<>();
    if (dialect.has(Feature.ROLES)) {
      session
          .query("SELECT FROM_USER, FROM_HOST FROM mysql.role_edges")
          .forEach(row -> roles.add(name(row.text("FROM_USER"), row.text("FROM_HOST"))));
    }
    List<AccountCopy> first = new ArrayList<>();
    List<AccountCopy> others = new ArrayList<>();
    for (Row row : session.query("SELECT User, Host FROM mysql.user ORDER BY User, Host")) {
      String user = row.text("User");
      String host = row.text("Host");
      if (!except.contains(user) && !isServersOwn(user, host)) {
        AccountCopy account = read(session, user, host);
        (roles.contains(account.name()) ? first : others).add(account);
      }
    }
    first.addAll(others);
    return List.copyOf(first);
  }

  /**
   * The accounts that come with a server, or with its packages, and differ from one to the next.
   */
  private static boolean isServersOwn(String user, String host) {
    return user.startsWith("mysql.")
        || (user.equals("root") && host.equals("localhost"))
        || user.equals("debian-sys-maint");
  }

  private static AccountCopy read(Session session, String user, String host) throws MySqlException {
    String name = name(user, host);
    String create = session.value("SHOW CREATE USER " + name).orElse("");
    Set<String> grants = new HashSet<>();
    for (Row row : session.query("SHOW GRANTS FOR " + name)) {
      grants.add(row.text("Grants for %s@%s".formatted(user, host)));
    }
    return new AccountCopy(name, create, grants);
  }

  private static String name(String user, String host) {
    return Quoting.account(user, host);
  }

  /** Statements that make these accounts where none of them is, with their hashes in them. */
  public static List<String> statements(List<AccountCopy> accounts) {
    List<String> statements = new ArrayList<>();
    accounts.forEach(account -> statements.add(account.create()));
    accounts.forEach(account -> account.grants().stream().sorted().forEach(statements::add));
    return statements;
  }

  /** Its name only: its description has a hash. */
  @Override
  public String toString() {
    return name;
  }
}
