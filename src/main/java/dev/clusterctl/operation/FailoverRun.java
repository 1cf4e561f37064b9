package dev.clusterctl.operation;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.operation.failover.ChangeOptions;
import dev.clusterctl.operation.failover.ChangeUnderLoad;
import dev.clusterctl.operation.failover.ClientEndpoint;
import dev.clusterctl.operation.failover.FailoverOptions;
import dev.clusterctl.operation.failover.FailoverProgress;
import dev.clusterctl.operation.failover.FailoverResult;
import dev.clusterctl.operation.failover.FailoverTest;
import dev.clusterctl.operation.failover.JdbcClientEndpoint;
import dev.clusterctl.operation.failover.JdbcClientEndpoint.Address;
import dev.clusterctl.operation.failover.JdbcClientEndpoint.Timeouts;
import dev.clusterctl.operation.failover.NodeAccess;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Tests under load on a real cluster: its nodes, and its clients as they would come. */
public final class FailoverRun {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Cluster cluster;
  private final Database database;
  private final EventSink sink;

  /**
   * @param database the one in which the test makes its tables, as its application's account
   */
  public FailoverRun(Cluster cluster, Database database, EventSink sink) {
    this.cluster = cluster;
    this.database = database;
    this.sink = sink;
  }

  /** Runs it. */
  public FailoverResult run(FailoverOptions options)
      throws IOException, SQLException, InterruptedException {
    if (!cluster.topology().replication().hasGroup()) {
      return new FailoverResult.NotPossible(
          List.of(
              "a source that fails is replaced by a person's decision, not by itself:"
                  + " clusterctl failover does it; clusterctl switchover NODE --under-load measures a planned change"));
    }
    List<IpAddress> proxies = cluster.topology().proxies().stream().map(Proxy::address).toList();
    return new FailoverTest(nodes(), proxies, clients(), options, new Progress()).run();
  }

  /** Makes a change while clients write and read. */
  public <T> ChangeUnderLoad.Result<T> underLoad(Callable<T> change) throws Exception {
    return new ChangeUnderLoad(
            nodes(), clients(), ChangeOptions.defaults(database.name()), new Progress())
        .run(change);
  }

  private List<NodeAccess> nodes() throws IOException {
    List<NodeAccess> nodes = new ArrayList<>();
    for (Node node : cluster.topology().nodes()) {
      nodes.add(new Access(node, cluster.installation(node.name()).service()));
    }
    return nodes;
  }

  private ClientEndpoint clients() throws IOException {
    ClientPath path = new ClientPath(cluster, sink);
    if (cluster.topology().proxy().isPresent()) {
      return path.application(database, Timeouts.DEFAULT);
    }
    // Not through tunnels: they would lead around the network that the test cuts.
    ConnectionInfo connection = ConnectionInfo.of(cluster, database);
    return JdbcClientEndpoint.amongNodes(
        connection.write().stream().map(e -> new Address(e.host(), e.port())).toList(),
        path.login(connection),
        Timeouts.DEFAULT);
  }

  private final class Access implements NodeAccess {
    private final Node node;
    private final String service;

    Access(Node node, String service) {
      this.node = node;
      this.service = service;
    }

    @Override
    public NodeName name() {
      return node.name();
    }

    @Override
    public IpAddress address() {
      return node.address();
    }

    @Override
    public Remote remote() {
      return cluster.remote(node.name());
    }

    @Override
    public String service() {
      return service;
    }

    @Override
    public Connection connect() throws SQLException, IOException {
      try {
        return cluster.admin(node, ANSWER).jdbc();
      } catch (MySqlException e) {
        if (e.getCause() instanceof SQLException sql) {
          throw sql;
        }
        throw e;
      }
    }
  }

  private final class Progress implements FailoverProgress {
    @Override
    public void phase(String title) {
      message(title);
    }

    @Override
    public void message(String text) {
      sink.accept(new Event.Message(Event.Level.INFO, text));
    }

    @Override
    public void second(Second second) {
      message(second.line());
    }
  }
}
