package dev.clusterctl.mysql;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * An account as it should be, once for each host that it may come from.
 *
 * @param hosts where it may come from, as in {@code 'user'@'host'}
 * @param requireSsl whether it is refused without TLS
 * @param grants what it may do
 */
public record Account(
    Credentials credentials, List<String> hosts, boolean requireSsl, List<Grant> grants) {
  public Account {
    hosts = List.copyOf(hosts);
    grants = List.copyOf(grants);
  }

  /**
   * @param privileges such as {@code REPLICATION SLAVE, BACKUP_ADMIN}
   * @param on such as {@code *.*}, quoted already
   */
  public record Grant(String privileges, String on, boolean grantOption) {}

  /** The account's name. */
  public String user() {
    return credentials.user();
  }

  /**
   * The account with which clusterctl itself administers a server, from the server's own machine.
   */
  public static Account administration(Credentials credentials, List<IpAddress> nodes) {
    List<String> hosts = new ArrayList<>(List.of("localhost", "127.0.0.1"));
    nodes.forEach(n -> hosts.add(n.value()));
    return new Account(
        credentials, hosts, false, List.of(new Grant("ALL PRIVILEGES", "*.*", true)));
  }

  /**
   * The account with which a replica reads from its source, is cloned from it, and with which a
   * node asks the others about their roles.
   */
  public static Account replication(
      Credentials credentials, List<IpAddress> nodes, ServerVersion version) {
    return new Account(
        credentials,
        nodes.stream().map(IpAddress::value).toList(),
        true,
        List.of(
            new Grant(Dialect.of(version).replicationPrivileges(), "*.*", false),
            new Grant("SELECT", "performance_schema.replication_connection_configuration", false)));
  }

  /** The account with which members fetch from each other what they missed. */
  public static Account recovery(
      Credentials credentials, List<IpAddress> nodes, ServerVersion version) {
    return new Account(
        credentials,
        nodes.stream().map(IpAddress::value).toList(),
        true,
        List.of(new Grant(Dialect.of(version).recoveryPrivileges(), "*.*", false)));
  }
}
