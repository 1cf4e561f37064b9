package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.ProxySqlCompatibility;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ProxySqlAccess;
import dev.clusterctl.proxy.AdminSession;
import dev.clusterctl.proxy.ProxySqlAdmin;
import dev.clusterctl.proxy.ProxySqlChanges;
import dev.clusterctl.proxy.ProxySqlDesired;
import dev.clusterctl.proxy.ProxySqlException;
import dev.clusterctl.proxy.ProxySqlSecrets;
import dev.clusterctl.proxy.ProxySqlSetup;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
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

  // It listens 0.1 s after its start; on a machine that is busy installing things, later.
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
  private static final String SERVICE = "proxysql";

  private final Cluster cluster;
  private final Proxy.ProxySql proxy;
  private final Remote remote;

  ProxySqlStep(Cluster cluster, Proxy.ProxySql proxy, Set<String> needs, Set<String> after) {
    super(proxy.name().value(), "proxy-tables", title(cluster, proxy), needs, after);
    this.cluster = cluster;
    this.proxy = proxy;
    this.remote = cluster.remote(proxy.name());
  }

  private static String title(Cluster cluster, Proxy.ProxySql proxy) {
    return proxy.verdict(cluster.topology().mysql())
            instanceof ProxySqlCompatibility.ReadOnlyHostgroups
        ? "ProxySQL configured (it watches super_read_only)"
        : "ProxySQL configured";
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
    } catch (ProxySqlException e) {
      if (e.kind() != ProxySqlException.Kind.CONNECTION) {
        throw e;
      }
      // Its service may just have been started, or be started again and again: apply waits, and
      // tells why it was in vain.
      return Check.differs("configure ProxySQL (now: " + e.getMessage() + ")");
    }
  }

  @Override
  public void apply(Progress progress) throws IOException, InterruptedException {
    progress.report("starting");
    start("start");
    progress.report("configuring");
    ProxySqlChanges changes;
    try (AdminSession admin = await()) {
      changes = ProxySqlSetup.apply(admin, desired(admin));
    }
    if (changes.restart()) {
      progress.report("restarting");
      start("restart");
      try (AdminSession admin = await()) {
        ProxySqlSetup.apply(admin, desired(admin));
      }
    }
  }

  private void start(String verb) throws IOException {
    Result result =
        remote.run(
            Command.shell(
                    verb + " ProxySQL",
                    """
                    systemctl enable %1$s >/dev/null 2>&1 || true
                    systemctl reset-failed %1$s 2>/dev/null || true
                    systemctl %2$s %1$s
                    """
                        .formatted(SERVICE, verb))
                .withTimeout(START));
    if (!result.ok()) {
      throw new RemoteException(
          RemoteException.Kind.COMMAND,
          remote.machine() + ": ProxySQL doesn't start",
          log(),
          "clusterctl logs %1$s shows its log; clusterctl ssh %1$s opens a shell there"
              .formatted(remote.machine()),
          null);
    }
  }

  /** A service that is started isn't one that answers yet, and 1.4 at times needs another try. */
  private AdminSession await() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (true) {
      try {
        return connect();
      } catch (ProxySqlException e) {
        if (e.kind() != ProxySqlException.Kind.CONNECTION) {
          throw e;
        }
        if (System.nanoTime() > deadline) {
          throw new ProxySqlException(
              e.kind(),
              "waited %d s; last seen: %s".formatted(ANSWER.toSeconds(), e.getMessage()),
              log(),
              e.advice(),
              e);
        }
      }
      Thread.sleep(BETWEEN_TRIES.toMillis());
    }
  }

  /** Packages have it write a file, or leave it to the journal. */
  private List<String> log() throws IOException {
    return remote
        .run(
            Command.shell(
                "read ProxySQL's log",
                "{ journalctl --no-pager -o cat -n 60 -u %s; tail -n 60 %s 2>/dev/null; } | grep -i -E 'error|fail|denied|in use|unable' | tail -n 8"
                    .formatted(SERVICE, ProxySqlAdmin.LOG)))
        .out()
        .lines()
        .map(String::strip)
        .toList();
  }

  private AdminSession connect() throws IOException {
    return ProxySqlAccess.connect(cluster, proxy);
  }

  private ProxySqlDesired desired(AdminSession admin) throws IOException {
    Map<String, String> users = new HashMap<>();
    for (Database database : cluster.topology().databases()) {
      users.put(database.user(), cluster.application(database).password());
    }
    try {
      return ProxySqlDesired.of(
          cluster.topology(),
          new ProxySqlSecrets(
              cluster.proxyAdministration().password(),
              cluster.monitor().user(),
              cluster.monitor().password(),
              users),
          serverVersion(),
          ProxySqlSetup.version(admin));
    } catch (ProxySqlDesired.ImpossiblePairException e) {
      throw new ProxySqlException(
          ProxySqlException.Kind.CONFIGURATION,
          remote.machine() + ": " + e.getMessage(),
          e.advice(),
          e);
    }
  }

  /** What the servers really run: the file may name a series only. */
  private ServerVersion serverVersion() throws IOException {
    try (Session session = cluster.admin(cluster.driver().requireWriter())) {
      return session
          .value("SELECT @@version")
          .flatMap(ServerVersion::parse)
          .orElse(cluster.topology().mysql().version());
    }
  }
}
