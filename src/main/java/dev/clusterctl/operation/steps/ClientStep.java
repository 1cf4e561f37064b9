package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ConnectionInfo;
import dev.clusterctl.operation.ReplicationDriver;
import dev.clusterctl.proxy.ClientCheck;
import dev.clusterctl.proxy.ClientCheck.Purpose;
import dev.clusterctl.proxy.ProxySqlException;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A client gets through, as each application's account: to write and to read. It asks from the
 * proxy's own machine, so that it works wherever clusterctl runs.
 */
final class ClientStep extends ClusterStep {
  private static final Duration ONE_TRY = Duration.ofSeconds(2);
  private static final Duration SETTLE = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final ReplicationDriver driver;

  ClientStep(Cluster cluster, Set<String> needs, Set<String> after) {
    super(CLUSTER, "client", "clients get through", needs, after);
    this.cluster = cluster;
    this.driver = cluster.driver();
  }

  @Override
  public Check check() throws IOException, InterruptedException {
    for (ConnectionInfo connection : ConnectionInfo.of(cluster)) {
      try {
        ask(connection, ONE_TRY);
      } catch (ProxySqlException e) {
        return Check.differs(
            "let %s through to %s (now: %s)"
                .formatted(connection.user(), connection.database(), e.getMessage()));
      }
    }
    return Check.satisfied();
  }

  @Override
  public void apply(Progress progress) throws IOException, InterruptedException {
    for (ConnectionInfo connection : ConnectionInfo.of(cluster)) {
      progress.report("waiting as " + connection.user());
      ask(connection, SETTLE);
    }
  }

  private void ask(ConnectionInfo connection, Duration limit)
      throws IOException, InterruptedException {
    List<Proxy> proxies = cluster.topology().proxies();
    for (int i = 0; i < proxies.size(); i++) {
      NodeName name = proxies.get(i).name();
      ask(connection, name, connection.write().get(i), Purpose.WRITE, limit);
      if (!connection.read().equals(connection.write())) {
        ask(connection, name, connection.read().get(i), Purpose.READ, limit);
      }
      if (!connection.split().isEmpty()) {
        ask(connection, name, connection.split().get(i), Purpose.READ, limit);
      }
    }
    if (proxies.isEmpty()) {
      Node writer = driver.requireWriter();
      ask(
          connection,
          writer.name(),
          new ConnectionInfo.Endpoint(writer.address().value(), MySqlServer.PORT),
          Purpose.WRITE,
          limit);
    }
  }

  private void ask(
      ConnectionInfo connection,
      NodeName from,
      ConnectionInfo.Endpoint to,
      Purpose purpose,
      Duration limit)
      throws IOException, InterruptedException {
    Remote remote = cluster.remote(from);
    new ClientCheck(
            "127.0.0.1",
            remote.tunnel(to.host(), to.port()),
            connection.database(),
            connection.user(),
            connection.password(),
            cluster.clientsUseTls())
        .await(purpose, limit);
  }
}
