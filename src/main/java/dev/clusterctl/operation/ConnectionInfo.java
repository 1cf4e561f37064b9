package dev.clusterctl.operation;

import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * How an application connects to one of its databases.
 *
 * @param write where it writes, in the order in which to try; one where there is a proxy
 * @param read where it may read; the same where there is no difference
 * @param split where its reads and writes are told apart for it; empty where nobody does that
 * @param tls whether clients of today can speak TLS to it, with a certificate that nobody vouches
 *     for
 */
public record ConnectionInfo(
    String database,
    String user,
    String password,
    List<Endpoint> write,
    List<Endpoint> read,
    List<Endpoint> split,
    boolean tls) {

  /** Host and port of something that speaks MySQL's protocol. */
  public record Endpoint(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** One for each database of the cluster. */
  public static List<ConnectionInfo> of(Cluster cluster) throws IOException {
    Topology topology = cluster.topology();
    List<Endpoint> nodes =
        topology.nodes().stream()
            .map(n -> new Endpoint(n.address().value(), MySqlServer.PORT))
            .toList();
    List<ConnectionInfo> result = new ArrayList<>();
    for (Database database : topology.databases()) {
      Credentials credentials = cluster.application(database);
      result.add(
          new ConnectionInfo(
              database.name(),
              credentials.user(),
              credentials.password(),
              topology.proxy().isEmpty() ? nodes : at(topology, Proxy::writePort),
              topology.proxy().isEmpty() ? nodes : at(topology, Proxy::readPort),
              split(topology),
              cluster.clientsUseTls()));
    }
    return List.copyOf(result);
  }

  private static List<Endpoint> at(Topology topology, ToIntFunction<Proxy> port) {
    return topology.proxies().stream().map(p -> at(p, port.applyAsInt(p))).toList();
  }

  private static List<Endpoint> split(Topology topology) {
    return topology.proxies().stream()
        .flatMap(
            p ->
                p instanceof Proxy.Router router
                    ? router.following().flatMap(Proxy.Following::splitPort).stream()
                        .map(port -> at(p, port))
                    : Stream.empty())
        .toList();
  }

  /**
   * That of one database.
   *
   * @throws IllegalArgumentException if the cluster has no such database
   */
  public static ConnectionInfo of(Cluster cluster, Database database) throws IOException {
    return of(cluster).stream()
        .filter(c -> c.database().equals(database.name()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no database " + database.name()));
  }

  private static Endpoint at(Proxy proxy, int port) {
    return new Endpoint(proxy.address().value(), port);
  }

  @Override
  public String toString() {
    return "ConnectionInfo[%s as %s at %s]".formatted(database, user, write);
  }
}
