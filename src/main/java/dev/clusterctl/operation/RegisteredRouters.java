package dev.clusterctl.operation;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.metadata.MetadataContents;
import dev.clusterctl.mysql.metadata.RouterRow;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The Routers that the metadata lists, beside those of cluster.yaml.
 *
 * <p>Whoever runs an application may bootstrap a Router beside it: only those are looked at here
 * that ask with clusterctl's own account.
 */
public final class RegisteredRouters {
  private final Cluster cluster;

  public RegisteredRouters(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Those of the file that the metadata doesn't list. */
  public List<Proxy> missing(MetadataContents contents) {
    return cluster.topology().proxies().stream()
        .filter(p -> contents.routers().stream().noneMatch(row -> is(p, row)))
        .toList();
  }

  /** Those that clusterctl set up, and the file names no more. */
  public List<RouterRow> former(MetadataContents contents) throws IOException {
    String account = cluster.router().user();
    return contents.routers().stream()
        .filter(row -> row.user().equals(account))
        .filter(row -> cluster.topology().proxies().stream().noneMatch(p -> is(p, row)))
        .toList();
  }

  /** Whether a former one only moved: the file still has a Router of its name. */
  public boolean moved(RouterRow former) {
    return cluster.topology().proxies().stream()
        .anyMatch(p -> p.name().value().equals(former.name()));
  }

  /**
   * Accounts, quoted, by which only a former Router, or a client through it, could log in; that of
   * the Router itself last, as it tells that there was one.
   */
  public Set<String> formerAccounts(Session session) throws IOException {
    String router = cluster.router().user();
    List<String> users = cluster.groupAccounts().stream().map(a -> a.user()).distinct().toList();
    Set<String> formerHosts = hosts(session, router);
    cluster.topology().allMachines().stream()
        .map(Machine::address)
        .map(IpAddress::value)
        .forEach(formerHosts::remove);
    Set<String> accounts = new LinkedHashSet<>();
    for (String user : users) {
      if (!user.equals(router)) {
        hosts(session, user).stream()
            .filter(formerHosts::contains)
            .forEach(host -> accounts.add(Quoting.account(user, host)));
      }
    }
    formerHosts.forEach(host -> accounts.add(Quoting.account(router, host)));
    return accounts;
  }

  private static Set<String> hosts(Session session, String user) throws MySqlException {
    Set<String> hosts = new HashSet<>();
    for (Row row : session.query("SELECT Host FROM mysql.user WHERE User = ?", user)) {
      hosts.add(row.text("Host"));
    }
    return hosts;
  }

  private static boolean is(Proxy proxy, RouterRow row) {
    return row.name().equals(proxy.name().value()) && row.address().equals(proxy.address().value());
  }
}
