package dev.clusterctl.operation;

import dev.clusterctl.proxy.AdminSession;
import dev.clusterctl.proxy.ProxySqlAdmin;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;

/** The way to a cluster's ProxySQL. */
public final class ProxySqlAccess {
  private ProxySqlAccess() {}

  /**
   * Logs in at the admin interface; the caller closes the session.
   *
   * @throws IOException if its machine can't be reached, nobody answers, or the login is refused
   */
  public static AdminSession connect(Cluster cluster, Proxy.ProxySql proxy) throws IOException {
    return ProxySqlAdmin.connect(
        cluster.remote(proxy.name()), proxy.adminPort(), cluster.proxyAdministration().password());
  }
}
