package dev.clusterctl.operation;

import dev.clusterctl.operation.failover.JdbcClientEndpoint;
import dev.clusterctl.operation.failover.JdbcClientEndpoint.Address;
import dev.clusterctl.operation.failover.JdbcClientEndpoint.Login;
import dev.clusterctl.operation.failover.JdbcClientEndpoint.Timeouts;
import dev.clusterctl.operation.failover.JdbcClientEndpoint.Tls;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The way by which tests come to the servers as an application does. */
public final class ClientPath {
  private static final int REACHABLE_WITHIN_MS = 1_000;

  private final Cluster cluster;
  private final EventSink sink;

  public ClientPath(Cluster cluster, EventSink sink) {
    this.cluster = cluster;
    this.sink = sink;
  }

  /**
   * An application of a database: through the proxy; without one, to the node that takes writes.
   * Goes through SSH where the cluster's network can't be reached from here.
   */
  public JdbcClientEndpoint application(Database database, Timeouts timeouts) throws IOException {
    ConnectionInfo connection = ConnectionInfo.of(cluster, database);
    Login login = login(connection);
    Optional<Proxy> proxy = cluster.topology().proxy();
    if (proxy.isPresent()) {
      return JdbcClientEndpoint.throughProxy(
          reach(proxy.get().name(), connection.write().get(0)),
          reach(proxy.get().name(), connection.read().get(0)),
          login,
          timeouts);
    }
    List<Address> nodes = new ArrayList<>();
    for (Node node : cluster.topology().nodes()) {
      nodes.add(
          reach(
              node.name(),
              new ConnectionInfo.Endpoint(
                  node.address().value(), dev.clusterctl.mysql.MySqlServer.PORT)));
    }
    return JdbcClientEndpoint.amongNodes(nodes, login, timeouts);
  }

  /** Who logs in, and whether over TLS. */
  Login login(ConnectionInfo connection) {
    return new Login(
        connection.user(),
        connection.password(),
        connection.database(),
        cluster.clientsUseTls() ? Tls.REQUIRED : Tls.OFF);
  }

  /** Straight there, or through SSH where its network can't be reached from here. */
  Address reach(NodeName machine, ConnectionInfo.Endpoint to) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(to.host(), to.port()), REACHABLE_WITHIN_MS);
      return new Address(to.host(), to.port());
    } catch (IOException e) {
      sink.accept(
          new Event.Message(
              Event.Level.INFO, "%s can't be reached from here: going through SSH".formatted(to)));
      return new Address("127.0.0.1", cluster.remote(machine).tunnel(to.host(), to.port()));
    }
  }
}
