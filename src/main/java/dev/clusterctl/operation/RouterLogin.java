package dev.clusterctl.operation;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;

/**
 * Whether the cluster lets a Router in. One that is logged in already doesn't notice that its
 * password is another one, until its connection breaks: in a fail-over, at the latest.
 */
public final class RouterLogin {
  private RouterLogin() {}

  /**
   * Whether the running Router's account can log in from its machine with the password we know.
   *
   * @throws IOException if no node takes writes, or the machines can't be asked
   */
  public static boolean works(Cluster cluster, Proxy router) throws IOException {
    Node node = cluster.driver().requireWriter();
    try (Session session =
        new MySqlServer(node.name().value(), cluster.remote(router.name()), node.address())
            .open(cluster.router(), MySqlServer.Tls.REQUIRED, Cluster.STATEMENT)) {
      return session.value("SELECT 1").isPresent();
    } catch (MySqlException e) {
      if (Cluster.refused(e)) {
        return false;
      }
      throw e;
    }
  }
}
