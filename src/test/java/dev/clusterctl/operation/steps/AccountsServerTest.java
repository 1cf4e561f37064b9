package dev.clusterctl.operation.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.ProxySqlDialect;
import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.Account.Grant;
import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.RealServer;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.TunnelledServer;
import dev.clusterctl.render.SysHelpers;
import dev.clusterctl.topology.IpAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The accounts that clusterctl makes, on real servers. */
@Tag("integration")
class AccountsServerTest {
  private static final List<IpAddress> HERE = List.of(new IpAddress("127.0.0.1"));
  private static final Credentials APP = new Credentials("app", "it's one");
  private static final Account APPLICATION =
      new Account(
          APP,
          List.of("127.0.0.1"),
          false,
          List.of(
              new Grant("ALL PRIVILEGES", "`app`.*", false),
              new Grant("ALL PRIVILEGES", "`my\\_wiki`.*", false)));
  private static final Account MONITOR =
      new Account(
          new Credentials("clusterctl_monitor", "two"),
          List.of("127.0.0.1"),
          false,
          ProxySqlDialect.MONITOR_RIGHTS.entrySet().stream()
              .map(right -> new Grant(right.getValue(), right.getKey(), false))
              .toList());

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void accountsAreMadeOnceComparedAndMended(RealServer.Release release) throws Exception {
    String plugin = Dialect.of(release.version()).authenticationPlugin(false);
    Account recovery =
        Account.recovery(new Credentials("clusterctl_repl", "three"), HERE, release.version());
    Account administration =
        Account.administration(new Credentials("clusterctl", "four"), List.of());
    List<Account> all = List.of(administration, recovery, APPLICATION, MONITOR);
    try (TunnelledServer server =
            new TunnelledServer(release, directory, "skip_name_resolve = ON\n");
        Session root = server.open(TunnelledServer.ROOT)) {
      assertThat(Accounts.missing(root, all)).contains("make the account 'app'@'127.0.0.1'");
      for (int i = 0; i < 2; i++) {
        make(root, all, plugin);
        assertThat(Accounts.missing(root, all)).isEmpty();
        assertThat(Accounts.besides(root, all)).isEmpty();
      }
      assertThat(grants(root, "clusterctl_repl")).contains("REPLICATION SLAVE").contains("*.*");
      assertThat(grants(root, "app")).contains("`app`.*").contains("`my\\_wiki`.*");
      assertThat(grants(root, "clusterctl")).contains("WITH GRANT OPTION");

      theRecoveryAccountIsRefusedWithoutTls(server, recovery);
      theMonitorSeesTheView(server, root, release);
      whatIsDroppedIsMissedAndMended(root, all, plugin);
      whatIsMoreIsNamedAndStays(root, all, plugin);
      anotherPasswordIsNoticed(server, root, plugin);
    }
  }

  private static void make(Session root, List<Account> accounts, String plugin)
      throws MySqlException {
    for (Account account : accounts) {
      for (String statement : Accounts.statements(account, plugin)) {
        root.run("making an account", statement);
      }
    }
  }

  private static String grants(Session root, String user) throws MySqlException {
    StringBuilder text = new StringBuilder();
    for (Row row : root.query("SHOW GRANTS FOR '%s'@'127.0.0.1'".formatted(user))) {
      text.append(row.only()).append('\n');
    }
    return text.toString();
  }

  private static void theRecoveryAccountIsRefusedWithoutTls(
      TunnelledServer server, Account recovery) {
    MySqlException e =
        catchThrowableOfType(
            MySqlException.class, () -> server.open(recovery.credentials()).close());
    assertThat(e.code()).isEqualTo(MySqlException.ACCESS_DENIED);
  }

  private static void theMonitorSeesTheView(
      TunnelledServer server, Session root, RealServer.Release release) throws Exception {
    for (String sql : SysHelpers.sql(release.version())) {
      root.run(sql);
    }
    try (Session monitor = server.open(MONITOR.credentials())) {
      // The very words of ProxySQL's group monitor.
      List<Row> rows =
          monitor.query(
              "SELECT viable_candidate,read_only,transactions_behind FROM"
                  + " sys.gr_member_routing_candidate_status");
      assertThat(rows).hasSize(1);
      assertThat(rows.get(0).text("viable_candidate")).isEqualTo("NO");
      assertThat(rows.get(0).text("read_only")).isEqualTo("NO");
    }
  }

  private static void whatIsDroppedIsMissedAndMended(Session root, List<Account> all, String plugin)
      throws MySqlException {
    root.run("REVOKE INSERT ON `app`.* FROM 'app'@'127.0.0.1'");
    root.run("REVOKE SELECT ON `sys`.* FROM 'clusterctl_monitor'@'127.0.0.1'");
    root.run("REVOKE SUPER ON *.* FROM 'clusterctl'@'127.0.0.1'");
    root.run("ALTER USER 'clusterctl_repl'@'127.0.0.1' REQUIRE NONE");
    assertThat(Accounts.missing(root, all))
        .containsExactlyInAnyOrder(
            "grant SUPER on *.* to 'clusterctl'@'127.0.0.1'",
            "have the account 'clusterctl_repl'@'127.0.0.1' require TLS",
            "grant ALL PRIVILEGES on app.* to 'app'@'127.0.0.1'",
            "grant SELECT on sys.* to 'clusterctl_monitor'@'127.0.0.1'");
    make(root, all, plugin);
    assertThat(Accounts.missing(root, all)).isEmpty();
  }

  private static void whatIsMoreIsNamedAndStays(Session root, List<Account> all, String plugin)
      throws MySqlException {
    root.run("GRANT PROCESS ON *.* TO 'app'@'127.0.0.1'");
    make(root, all, plugin);
    assertThat(Accounts.missing(root, all)).isEmpty();
    assertThat(Accounts.besides(root, all))
        .containsExactly(
            "'app'@'127.0.0.1' may do more than cluster.yaml asks for: PROCESS on *.*; it stays"
                + " so");
  }

  private static void anotherPasswordIsNoticed(TunnelledServer server, Session root, String plugin)
      throws Exception {
    Account changed =
        new Account(new Credentials("app", "new"), APPLICATION.hosts(), false, List.of());
    server.open(APP).close();
    if (plugin.equals("mysql_native_password")) {
      assertThat(Accounts.keepsPassword(root, APPLICATION)).isTrue();
      assertThat(Accounts.keepsPassword(root, changed)).isFalse();
    }
    MySqlException e =
        catchThrowableOfType(
            MySqlException.class, () -> server.open(changed.credentials()).close());
    assertThat(e.code()).isEqualTo(MySqlException.ACCESS_DENIED);
    for (String statement : Accounts.identification(changed, plugin)) {
      root.run("changing a password", statement);
    }
    server.open(changed.credentials()).close();
  }
}
