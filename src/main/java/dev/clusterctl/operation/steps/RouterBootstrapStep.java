package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.metadata.ClusterRow;
import dev.clusterctl.mysql.metadata.MetadataContents;
import dev.clusterctl.mysql.metadata.RouterRow;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ClusterMetadata;
import dev.clusterctl.operation.ReplicationDriver;
import dev.clusterctl.operation.RouterGrants;
import dev.clusterctl.operation.RouterLogin;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.render.FollowingRouter;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Router knows the cluster, and the cluster knows the Router: the Router was bootstrapped.
 *
 * <p>That needs an account which may write into the metadata. It is made for that moment, with a
 * password that nobody keeps, and dropped afterwards whatever happened; one that a killed run left
 * behind is found by the next one, and dropped.
 */
final class RouterBootstrapStep extends ClusterStep {
  private static final String MOMENTARY = "clusterctl_bootstrap";
  private static final Duration BOOTSTRAP = Duration.ofMinutes(2);

  private final Cluster cluster;
  private final Proxy.Router router;
  private final Remote remote;
  private final ReplicationDriver driver;
  private final ClusterMetadata metadata;

  /** What bootstrapping left on the machine; a value that isn't there is empty. */
  private record Bootstrapped(String routerId, String user, String group) {}

  RouterBootstrapStep(Cluster cluster, Proxy.Router router, Set<String> needs) {
    super(router.name().value(), "proxy-bootstrap", "router bootstrapped", needs, Set.of());
    this.cluster = cluster;
    this.router = router;
    this.remote = cluster.remote(router.name());
    this.driver = cluster.driver();
    this.metadata = ClusterMetadata.of(cluster).orElseThrow();
  }

  @Override
  public Check check() throws IOException {
    List<String> changes = new ArrayList<>();
    unfit().ifPresent(why -> changes.add("bootstrap the router: " + why));
    if (!RouterLogin.works(cluster, router)) {
      changes.add("set the password of " + cluster.router().user() + ", and bootstrap the router");
    }
    if (isLeftBehind()) {
      changes.add("drop the account " + momentary() + ", which a run that was killed left behind");
    }
    return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, List.of());
  }

  /** Why what is on the machine, or in the metadata, won't do. */
  private Optional<String> unfit() throws IOException {
    Bootstrapped is = onMachine();
    MetadataContents contents = metadata.read();
    String group = cluster.topology().replication().groupName().toString();
    Optional<RouterRow> row =
        contents.routers().stream()
            .filter(r -> String.valueOf(r.id()).equals(is.routerId()))
            .findFirst();
    if (is.routerId().isEmpty()) {
      return Optional.of("it never was");
    } else if (!is.user().equals(cluster.router().user())) {
      return Optional.of("it uses the account " + is.user());
    } else if (!is.group().equalsIgnoreCase(group)) {
      return Optional.of("it knows another group, " + is.group());
    } else if (row.isEmpty() || !row.get().address().equals(router.address().value())) {
      return Optional.of("the metadata doesn't know it");
    }
    return contents.cluster(group).map(ClusterRow::id).equals(row.map(RouterRow::clusterId))
        ? Optional.empty()
        : Optional.of("the metadata knows it for another cluster");
  }

  private Bootstrapped onMachine() throws RemoteException {
    Map<String, String> found = new HashMap<>();
    // A file without the line is one whose writing was interrupted: it reads as never written.
    for (String line :
        remote
            .check(
                Command.shell(
                    "look at the router's configuration",
                    """
                    sed -nE 's/^(router_id|user)=(.*)/\\1 \\2/p' %1$s 2>/dev/null | tail -n 2
                    sed -nE 's/.*"group-replication-id": *"([^"]*)".*/group \\1/p' %2$s/data/state.json 2>/dev/null
                    true
                    """
                        .formatted(FollowingRouter.BOOTSTRAPPED, FollowingRouter.DIRECTORY)))
            .lines()
            .toList()) {
      String[] words = line.split(" ", 2);
      found.put(words[0], words.length == 2 ? words[1].strip() : "");
    }
    return new Bootstrapped(
        found.getOrDefault("router_id", ""),
        found.getOrDefault("user", ""),
        found.getOrDefault("group", ""));
  }

  private boolean isLeftBehind() throws IOException {
    try (Session session = cluster.admin(driver.requireWriter())) {
      return session
          .value(
              "SELECT 1 FROM mysql.user WHERE User = ? AND Host = ?",
              MOMENTARY,
              router.address().value())
          .isPresent();
    }
  }

  private String momentary() {
    return Quoting.account(MOMENTARY, router.address().value());
  }

  @Override
  public void apply(Progress progress) throws IOException {
    Node writer = driver.requireWriter();
    try (Session session = cluster.admin(writer)) {
      // Another run may be at it: the account has one password at a time.
      session.run("DROP USER IF EXISTS " + momentary());
      if (!RouterLogin.works(cluster, router)) {
        progress.report("setting the password of " + cluster.router().user());
        session.run(
            "setting the password of " + cluster.router().user(),
            "ALTER USER %s IDENTIFIED BY %s"
                .formatted(
                    Quoting.account(cluster.router().user(), router.address().value()),
                    Quoting.password(cluster.router().password())));
      } else if (unfit().isEmpty()) {
        return;
      }
      progress.report("bootstrapping at " + writer.name());
      Credentials momentary = new Credentials(MOMENTARY, cluster.momentaryPassword());
      try {
        make(session, momentary);
        bootstrap(writer, momentary);
      } finally {
        session.run("DROP USER IF EXISTS " + momentary());
      }
    }
  }

  private void make(Session session, Credentials momentary) throws MySqlException {
    Account account =
        new Account(momentary, List.of(router.address().value()), true, RouterGrants.bootstrap());
    String plugin = Dialect.of(cluster.topology().mysql().version()).authenticationPlugin(false);
    for (String statement : Accounts.statements(account, plugin)) {
      session.run("making the account " + MOMENTARY, statement);
    }
  }

  private void bootstrap(Node writer, Credentials momentary) throws IOException {
    // It asks for both passwords in turn. Options that not every Router has are left out where its
    // own help doesn't know them.
    remote.check(
        Command.shell(
                "bootstrap MySQL Router",
                """
                set -eu
                help=$(mysqlrouter --help)
                flags=
                for flag in --disable-rest --conf-skip-x-protocol --strict; do
                  case $help in *"$flag"*) flags="$flags $flag" ;; esac
                done
                install -d -m 0755 -o mysqlrouter -g mysqlrouter %1$s
                mysqlrouter --bootstrap %2$s --directory %3$s --user mysqlrouter --name %4$s \\
                  --report-host %5$s --account %6$s --account-create never --force $flags
                """
                    .formatted(
                        FollowingRouter.DIRECTORY.substring(
                            0, FollowingRouter.DIRECTORY.lastIndexOf('/')),
                        Command.quote(
                            "%s@%s:%d".formatted(MOMENTARY, writer.address(), MySqlServer.PORT)),
                        FollowingRouter.DIRECTORY,
                        Command.quote(router.name().value()),
                        Command.quote(router.address().value()),
                        Command.quote(cluster.router().user())))
            .withStdin(momentary.password() + "\n" + cluster.router().password() + "\n")
            .withTimeout(BOOTSTRAP));
  }
}
