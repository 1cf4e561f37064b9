package dev.clusterctl.operation.roles;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ProxySqlAccess;
import dev.clusterctl.proxy.AdminSession;
import dev.clusterctl.proxy.ProxySqlMove;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.render.RouterConfig;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.time.Duration;

/**
 * Sends the proxy's clients to another source. Prepared while writes still flow, so that little is
 * left to do while they don't. Killed before or in the middle, it leaves what {@code up} finds and
 * puts right.
 */
public interface ProxyMove extends AutoCloseable {

  /**
   * Does it: returns once new connections of clients that write go to the new source.
   *
   * @throws IOException if the proxy's machine can't be reached, or the proxy doesn't come back
   */
  void move() throws IOException;

  /** What it does, for people. */
  String title();

  @Override
  void close();

  /**
   * Prepares it: changes nothing that a client notices.
   *
   * @throws IOException if the proxy's machine can't be reached
   */
  static ProxyMove prepare(Cluster cluster, Proxy proxy, Node source) throws IOException {
    return proxy instanceof Proxy.ProxySql proxySql
        ? new OfProxySql(cluster, proxySql, source)
        : new OfRouter(cluster, proxy, source);
  }

  /**
   * MySQL Router reads its static routes when it starts, and only then. A restart also parts
   * clients from the old source, who would only be refused there.
   */
  final class OfRouter implements ProxyMove {
    private static final String NEXT = RouterConfig.PATH + ".next";
    private static final Duration START = Duration.ofSeconds(60);

    private final Remote remote;
    private final Node source;

    private OfRouter(Cluster cluster, Proxy proxy, Node source) throws IOException {
      this.remote = cluster.remote(proxy.name());
      this.source = source;
      remote.put(RemoteFile.of(NEXT, RouterConfig.config(cluster.topology(), source)));
    }

    @Override
    public void move() throws IOException {
      remote.check(
          Command.shell(
                  "restart MySQL Router with its new configuration",
                  """
                  pid=$(systemctl show -p MainPID %3$s | cut -d= -f2)
                  if cmp -s %1$s %2$s && [ -e "/proc/$pid/stat" ] && ! [ %2$s -nt "/proc/$pid" ]; then
                    rm -f %1$s
                  else
                    mv -f %1$s %2$s && systemctl restart %3$s
                  fi
                  """
                      .formatted(NEXT, RouterConfig.PATH, RouterConfig.SERVICE))
              .withTimeout(START));
    }

    @Override
    public String title() {
      return "MySQL Router sends writes to " + source.name();
    }

    @Override
    public void close() {
      // The connection is the cluster's; a configuration that wasn't used is overwritten next time.
    }
  }

  /**
   * ProxySQL's monitor would find out by itself within half a second; it is told, so that it
   * needn't.
   */
  final class OfProxySql implements ProxyMove {
    private final AdminSession admin;
    private final ProxySqlMove move;
    private final Node source;

    private OfProxySql(Cluster cluster, Proxy.ProxySql proxy, Node source) throws IOException {
      this.source = source;
      this.admin = ProxySqlAccess.connect(cluster, proxy);
      this.move = ProxySqlMove.to(admin, proxy, source.address().value());
    }

    @Override
    public void move() throws IOException {
      move.run(admin);
    }

    @Override
    public String title() {
      return "ProxySQL sends writes to " + source.name();
    }

    @Override
    public void close() {
      try {
        admin.close();
      } catch (IOException e) {
        // What it was opened for is done, or failed with an error of its own.
      }
    }
  }
}
