package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.proxy.AdminSession;
import dev.clusterctl.proxy.ProxySqlAdmin;
import dev.clusterctl.proxy.ProxySqlChanges;
import dev.clusterctl.proxy.ProxySqlDesired;
import dev.clusterctl.proxy.ProxySqlException;
import dev.clusterctl.proxy.ProxySqlSecrets;
import dev.clusterctl.proxy.ProxySqlSetup;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ProxySQL runs, and its tables are what the topology asks for: in memory, live, and on disk. */
final class ProxySqlStep extends ClusterStep {
  private static final Duration START = Duration.ofMinutes(2);
  private static final String SERVICE = "proxysql";

  private final Cluster cluster;
  private final Proxy.ProxySql proxy;
  private final Remote remote;

  ProxySqlStep(Cluster cluster, Proxy.ProxySql proxy, Set<String> needs) {
    super(proxy.name().value(), "proxy-tables", "ProxySQL configured", needs, Set.of());
    this.cluster = cluster;
    this.proxy = proxy;
    this.remote = cluster.remote(proxy.name());
  }

  @Override
  public Check check() throws IOException {
    String service =
        remote
            .check(Command.shell("look at ProxySQL", "systemctl is-active " + SERVICE + " || true"))
            .strip();
    if (!service.equals("active")) {
      return Check.differs("start ProxySQL (it is " + service + ") and configure it");
    }
    try (AdminSession admin = connect()) {
      ProxySqlChanges changes = ProxySqlSetup.check(admin, desired(admin));
      return changes.isEmpty()
          ? Check.satisfied()
          : new Check.Differs(changes.describe(), List.of());
    }
  }

  @Override
  public void apply(Progress progress) throws IOException {
    start("start");
    ProxySqlChanges changes;
    try (AdminSession admin = connect()) {
      changes = ProxySqlSetup.apply(admin, desired(admin));
    }
    if (changes.restart()) {
      progress.report("restarting");
      start("restart");
      try (AdminSession admin = connect()) {
        ProxySqlSetup.apply(admin, desired(admin));
      }
    }
  }

  private void start(String verb) throws IOException {
    remote.check(
        Command.shell(
                verb + " ProxySQL",
                "systemctl enable %1$s >/dev/null 2>&1 || true; systemctl %2$s %1$s"
                    .formatted(SERVICE, verb))
            .withTimeout(START));
  }

  private AdminSession connect() throws IOException {
    return ProxySqlAdmin.connect(
        remote, proxy.adminPort(), cluster.proxyAdministration().password());
  }

  private ProxySqlDesired desired(AdminSession admin) throws IOException {
    Map<String, String> users = new HashMap<>();
    for (Database database : cluster.topology().databases()) {
      users.put(database.user(), cluster.application(database).password());
    }
    String version = ProxySqlSetup.version(admin);
    return ProxySqlDesired.of(
        cluster.topology(),
        new ProxySqlSecrets(
            cluster.proxyAdministration().password(),
            cluster.monitor().user(),
            cluster.monitor().password(),
            users),
        serverVersion(),
        ServerVersion.parse(version)
            .orElseThrow(
                () ->
                    new ProxySqlException(
                        ProxySqlException.Kind.CONFIGURATION,
                        "ProxySQL says that its version is " + version + ", which is none",
                        "",
                        null)));
  }

  /** What the servers really run: the file may name a series only. */
  private ServerVersion serverVersion() throws IOException {
    try (Session session = cluster.admin(new GroupDriver(cluster).requireWriter())) {
      return session
          .value("SELECT @@version")
          .flatMap(ServerVersion::parse)
          .orElse(cluster.topology().mysql().version());
    }
  }
}
