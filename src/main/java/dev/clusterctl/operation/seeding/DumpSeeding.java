package dev.clusterctl.operation.seeding;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.DumpOptions;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.AccountCopy;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.SchemaSize;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceReplication;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A logical copy, by any version: the recipient's machine reads the donor's schemas with mysqldump
 * over TLS and gives them to its own server as they come; nothing is kept in between. Accounts
 * other than clusterctl's and the server's own are copied too. Not copied: plugins, loadable
 * functions, foreign servers and time zones, which are in the server's own schema.
 */
final class DumpSeeding implements Seeding {
  private static final Duration COPY = Duration.ofHours(24);
  private static final String CLIENT =
      "mysql --no-defaults --protocol=socket --user=root --default-character-set=utf8mb4";

  private final Cluster cluster;
  private final ServerVersion version;

  DumpSeeding(Cluster cluster) {
    this.cluster = cluster;
    this.version = cluster.topology().mysql().version();
  }

  @Override
  public String label() {
    return "mysqldump";
  }

  @Override
  public void seed(Node donor, Node recipient, Consumer<String> progress) throws IOException {
    List<SchemaSize> schemas;
    List<AccountCopy> accounts;
    GtidSet executed;
    try (Session session = cluster.admin(donor)) {
      schemas = SchemaSize.of(session);
      accounts = AccountCopy.of(session, version, ownUsers());
      executed = cluster.replication(session).executed();
    }
    progress.accept("emptying " + recipient.name());
    String packet;
    try (Session session = cluster.admin(recipient, Duration.ZERO)) {
      packet = session.value("SELECT @@GLOBAL.max_allowed_packet").orElse("");
      empty(session);
    }
    makeAccounts(recipient, accounts);
    if (!schemas.isEmpty()) {
      copy(donor, recipient, schemas, new DumpProgress(schemas, progress));
    }
    try (Session session = cluster.admin(donor)) {
      requireSame(donor, accounts, AccountCopy.of(session, version, ownUsers()));
    }
    try (Session session = cluster.admin(recipient)) {
      if (schemas.isEmpty()) {
        session.run("SET GLOBAL gtid_purged = " + Quoting.literal(executed.toString()));
      }
      requireSame(recipient, accounts, AccountCopy.of(session, version, ownUsers()));
      session.run("SET GLOBAL max_allowed_packet = " + packet);
      cluster.replication(session).refuseWrites();
      session.run("SET GLOBAL offline_mode = OFF");
    }
  }

  /** Those that every node has of its own, with the same passwords. */
  private Set<String> ownUsers() throws IOException {
    return cluster.localAccounts().stream().map(a -> a.user()).collect(Collectors.toSet());
  }

  /**
   * Nothing is left but the server's own and clusterctl's. Clients are kept out from here to the
   * end, and stay out if there is none: half a copy serves nobody.
   */
  private void empty(Session session) throws IOException {
    SourceReplication replication = cluster.replication(session);
    session.run("SET GLOBAL offline_mode = ON");
    if (replication.channel().isPresent()) {
      replication.forget();
    }
    // read_only stays on.
    session.run("SET GLOBAL super_read_only = OFF");
    session.run("SET SESSION sql_log_bin = OFF");
    session.run("SET SESSION foreign_key_checks = OFF");
    for (SchemaSize schema : SchemaSize.of(session)) {
      session.run("DROP DATABASE " + Quoting.identifier(schema.name()));
    }
    for (AccountCopy account : AccountCopy.of(session, version, ownUsers())) {
      session.run("DROP USER " + account.name());
    }
    session.run(Dialect.of(version).resetBinaryLogs());
    // The largest row that the donor can have must get through; the option file's value counts
    // again afterwards.
    session.run("SET GLOBAL max_allowed_packet = 1073741824");
  }

  private void makeAccounts(Node recipient, List<AccountCopy> accounts) throws IOException {
    if (accounts.isEmpty()) {
      return;
    }
    List<String> statements = new ArrayList<>(List.of("SET SESSION sql_log_bin = OFF"));
    statements.addAll(AccountCopy.statements(accounts));
    cluster
        .remote(recipient.name())
        .check(
            Command.shell("copy the accounts", CLIENT)
                .withStdin(statements.stream().map(s -> s + ";\n").collect(Collectors.joining())));
  }

  private void copy(Node donor, Node recipient, List<SchemaSize> schemas, Consumer<String> onLine)
      throws IOException {
    Remote remote = cluster.remote(recipient.name());
    // The whole script on standard input: it holds a password, and may be long.
    remote.check(
        Command.shell("copy the data of " + donor.name() + " by mysqldump", "bash -s")
            .withStdin(script(donor, schemas))
            .withTimeout(COPY)
            .onLine(onLine));
  }

  private String script(Node donor, List<SchemaSize> schemas) throws IOException {
    return """
        set -euo pipefail
        umask 077
        mkdir -p /run/clusterctl
        options=$(mktemp /run/clusterctl/dump.XXXXXXXX)
        trap 'rm -f "$options"' EXIT
        cat >"$options" <<'END'
        [client]
        user=%s
        password="%s"
        ssl-mode=REQUIRED
        END
        mysqldump --defaults-file="$options" --host=%s --port=%d %s --databases -- %s </dev/null |
          %s --binary-mode --max-allowed-packet=1G
        """
        .formatted(
            cluster.administration().user(),
            cluster.administration().password(),
            Command.quote(donor.address().value()),
            MySqlServer.PORT,
            String.join(" ", DumpOptions.of(version)),
            schemas.stream().map(s -> Command.quote(s.name())).collect(Collectors.joining(" ")),
            CLIENT);
  }

  /**
   * Accounts aren't in the dump, so they aren't of the very moment that the dump is of. Where
   * nobody changed them meanwhile they are.
   */
  private static void requireSame(Node where, List<AccountCopy> before, List<AccountCopy> after)
      throws MySqlException {
    List<AccountCopy> different = new ArrayList<>(before);
    different.removeAll(after);
    after.stream().filter(a -> !before.contains(a)).forEach(different::add);
    if (!different.isEmpty()) {
      throw new MySqlException(
          "%s: the accounts %s changed while the data was copied"
              .formatted(
                  where.name(),
                  different.stream()
                      .map(AccountCopy::name)
                      .distinct()
                      .collect(Collectors.joining(", "))),
          0,
          "run the same again, while nobody changes accounts",
          null);
    }
  }
}
