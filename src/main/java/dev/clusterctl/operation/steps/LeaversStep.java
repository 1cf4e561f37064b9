package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.metadata.RouterRow;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ClusterMetadata;
import dev.clusterctl.operation.Leaver;
import dev.clusterctl.operation.RegisteredRouters;
import dev.clusterctl.operation.ReplicationDriver;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Servers that are in the file no longer take no part any more, and nobody may log in from their
 * addresses as one of clusterctl's accounts. One after the other, each of them out before the next.
 */
final class LeaversStep extends ClusterStep {
  private final Cluster cluster;
  private final ReplicationDriver driver;
  private final boolean consent;

  /**
   * @param consent whether it was said that servers may be removed
   * @param after what new members and clients need first
   */
  LeaversStep(Cluster cluster, boolean consent, Set<String> needs, Set<String> after) {
    super(CLUSTER, "leavers", "no server beside those of the file", needs, after);
    this.cluster = cluster;
    this.driver = cluster.driver();
    this.consent = consent;
  }

  @Override
  public Check check() throws IOException {
    List<String> changes = new ArrayList<>();
    for (Leaver leaver : driver.leavers()) {
      changes.add("take " + leaver + " out of replication: cluster.yaml doesn't name it any more");
    }
    for (RouterRow router : formerRouters()) {
      changes.add(
          "forget the router %s (%s): cluster.yaml doesn't name it any more"
              .formatted(router.name(), router.address()));
    }
    for (String account : accountsOfLeavers()) {
      changes.add("drop the account " + account);
    }
    return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, List.of());
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    List<Leaver> leavers = driver.leavers();
    if (!leavers.isEmpty() && !consent) {
      throw new MySqlException(
          "cluster.yaml names %s no longer, and they still take part: %s"
              .formatted(
                  leavers.size() == 1 ? "a server" : leavers.size() + " servers",
                  String.join(", ", leavers.stream().map(Leaver::toString).toList())),
          0,
          "clusterctl up --yes takes them out and removes their machines with all their data;"
              + " put them back into the file if they are to stay",
          null);
    }
    List<RouterRow> formerRouters = formerRouters();
    requireConsent(formerRouters);
    for (Leaver leaver : leavers) {
      driver.dismiss(leaver, detail -> progress.report(leaver.name() + ": " + detail));
    }
    ClusterMetadata.keepTrue(cluster);
    if (!formerRouters.isEmpty()) {
      ClusterMetadata.of(cluster).orElseThrow().forget(formerRouters);
    }
    try (Session session = cluster.admin(driver.requireWriter())) {
      for (String account : accountsOfLeavers()) {
        session.run("DROP USER IF EXISTS " + account);
      }
    }
  }

  /** One that only moved to another address serves nobody at the old one. */
  private void requireConsent(List<RouterRow> formerRouters) throws MySqlException {
    RegisteredRouters registered = new RegisteredRouters(cluster);
    List<String> serving =
        formerRouters.stream()
            .filter(router -> !registered.moved(router))
            .map(router -> "%s (%s)".formatted(router.name(), router.address()))
            .toList();
    if (!serving.isEmpty() && !consent) {
      throw new MySqlException(
          "cluster.yaml doesn't name the MySQL Router %s any more, which clients may still use"
              .formatted(String.join(", ", serving)),
          0,
          "clusterctl up --yes drops its accounts and removes its machine; put it back into the"
              + " file if it is to stay",
          null);
    }
  }

  private List<RouterRow> formerRouters() throws IOException {
    Optional<ClusterMetadata> metadata = ClusterMetadata.of(cluster);
    return metadata.isEmpty()
        ? List.of()
        : new RegisteredRouters(cluster).former(metadata.get().read());
  }

  @Override
  public boolean foreseeable() {
    return true;
  }

  /** Accounts of clusterctl's own that no machine of the file comes by. */
  private Set<String> accountsOfLeavers() throws IOException {
    Set<String> wanted = new HashSet<>();
    Set<String> users = new LinkedHashSet<>();
    for (Account account : cluster.localAccounts()) {
      users.add(account.user());
      account.hosts().forEach(host -> wanted.add(Quoting.account(account.user(), host)));
    }
    Set<String> ours = new HashSet<>(users);
    ours.add(cluster.recovery().user());
    Set<String> leavers = new LinkedHashSet<>();
    try (Session session = cluster.admin(driver.requireWriter())) {
      for (Row row : session.query("SELECT User, Host FROM mysql.user")) {
        String user = row.text("User");
        String account = Quoting.account(user, row.text("Host"));
        // AdminAPI's own for a member that stays comes from other hosts, and is left.
        boolean nobodys =
            innodbCluster() && Dialect.isRecoveryUser(user)
                ? !users.contains(user)
                : ours.contains(user) && !wanted.contains(account);
        if (nobodys) {
          leavers.add(account);
        }
      }
      if (innodbCluster()) {
        leavers.addAll(new RegisteredRouters(cluster).formerAccounts(session));
      }
    }
    return leavers;
  }

  private boolean innodbCluster() {
    return cluster.topology().replication().isInnodbCluster();
  }
}
