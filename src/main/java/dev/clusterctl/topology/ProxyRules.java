package dev.clusterctl.topology;

import dev.clusterctl.dialect.Catalog;
import dev.clusterctl.dialect.ProxySqlCompatibility;
import dev.clusterctl.dialect.ServerVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules for the proxy, and for what it can do with the servers behind it. */
final class ProxyRules {
  private static final List<String> PROXYSQL_KEYS =
      List.of(
          "port",
          "admin-port",
          "hostgroups",
          "max-writers",
          "writer-is-also-reader",
          "max-transactions-behind",
          "read-write-split");
  private static final List<String> ROUTER_KEYS = List.of("ports", "options", "more");
  private static final long SSH_PORT = 22;

  private final Section root;
  private final Section proxy;
  private final Problems problems;

  ProxyRules(Section root, Section proxy, Problems problems) {
    this.root = root;
    this.proxy = proxy;
    this.problems = problems;
  }

  void check(Optional<ServerVersion> server) {
    new PackageRules(root, problems).files(proxy);
    if (proxy.text("type").isEmpty()) {
      return;
    }
    if (TopologyBuilder.isRouter(proxy)) {
      foreign(PROXYSQL_KEYS, "proxysql");
      ports(server);
      new RouterOptions(problems).check(proxy.options("options"));
      router(server);
    } else {
      foreign(ROUTER_KEYS, "mysql-router");
      noProxySqlInCluster();
      different(
          proxy.sectionOrEmpty("hostgroups"),
          List.of("writer", "backup-writer", "reader", "offline"),
          "hostgroup");
      different(proxy, List.of("port", "admin-port"), "port");
      sshPort(proxy, List.of("port", "admin-port"));
      proxySql(server);
    }
  }

  private void foreign(List<String> keys, String type) {
    for (String key : keys) {
      if (proxy.has(key)) {
        problems.error(
            proxy.keyAt(key), "'%s' goes with type %s only".formatted(key, type), "remove it");
      }
    }
  }

  private void different(Section section, List<String> keys, String what) {
    Map<Long, String> seen = new HashMap<>();
    for (String key : keys) {
      section
          .whole(key)
          .ifPresent(
              number -> {
                String other = seen.putIfAbsent(number, key);
                if (other != null) {
                  // The one that the file says is the one to change.
                  problems.error(
                      section.valueAt(section.has(key) ? key : other),
                      "%s and %s can't both be %s %d".formatted(other, key, what, number),
                      "use different numbers");
                }
              });
    }
  }

  private void sshPort(Section section, List<String> keys) {
    for (String key : keys) {
      if (section.whole(key).filter(port -> port == SSH_PORT).isPresent()) {
        problems.error(
            section.valueAt(key), "port 22 is taken by SSH on that machine", "use another port");
      }
    }
  }

  /** The keys that a Router has a use for which follows an InnoDB Cluster. */
  private void ports(Optional<ServerVersion> server) {
    Section ports = proxy.sectionOrEmpty("ports");
    List<String> used = new ArrayList<>(List.of("read-write", "read-only"));
    if (isInnodbCluster()) {
      used.addAll(List.of("read-write-split", "rest"));
      splitPort(ports, server);
    } else {
      for (String key : List.of("options", "more")) {
        onlyInCluster(proxy, key);
      }
      for (String key : List.of("read-write-split", "rest")) {
        onlyInCluster(ports, key);
      }
    }
    different(ports, used, "port");
    sshPort(ports, used);
  }

  /** AdminAPI knows Routers only, and ProxySQL looks for a group, not for metadata. */
  private void noProxySqlInCluster() {
    if (isInnodbCluster()) {
      problems.error(
          proxy.valueAt("type"),
          "an InnoDB Cluster's clients come through MySQL Router",
          "use mysql-router, or replication.type group");
    }
  }

  private void onlyInCluster(Section section, String key) {
    if (section.has(key)) {
      problems.error(
          section.keyAt(key),
          "'%s' goes with replication.type innodb-cluster only".formatted(key),
          "remove it");
    }
  }

  private void splitPort(Section ports, Optional<ServerVersion> server) {
    Optional<String> series =
        proxy.has("version")
            ? proxy.text("version").map(Catalog::seriesOf)
            : server.map(Catalog::routerSeriesFor);
    if (ports.has("read-write-split") && series.filter(s -> !Catalog.routerSplits(s)).isPresent()) {
      problems.error(
          ports.keyAt("read-write-split"),
          "MySQL Router %s can't tell reads from writes: 8.2 and later can"
              .formatted(series.orElseThrow()),
          "remove it, or use a later Router");
    }
    if (!ports.has("read-write-split")
        && List.of("read-write", "read-only", "rest").stream()
            .anyMatch(
                key -> ports.whole(key).filter(p -> p == TopologyBuilder.SPLIT_PORT).isPresent())) {
      problems.error(
          ports.at(),
          "port %d is the one for read-write-split".formatted(TopologyBuilder.SPLIT_PORT),
          "give read-write-split another one");
    }
  }

  private boolean isInnodbCluster() {
    return root.sectionOrEmpty("replication")
        .text("type")
        .filter(Replication.label(Replication.Type.INNODB_CLUSTER)::equals)
        .isPresent();
  }

  private boolean isSinglePrimary() {
    return root.sectionOrEmpty("replication")
        .text("mode")
        .filter(Replication.label(Replication.Mode.SINGLE_PRIMARY)::equals)
        .isPresent();
  }

  private boolean isGroup() {
    return root.sectionOrEmpty("replication")
        .text("type")
        .filter(Replication.label(Replication.Type.GROUP)::equals)
        .isPresent();
  }

  private void router(Optional<ServerVersion> server) {
    if (isSinglePrimary() && isGroup()) {
      problems.error(
          proxy.valueAt("type"),
          "mysql-router can't follow the primary of a single-primary group",
          "use replication.type innodb-cluster, or proxysql, or replication.mode multi-primary");
    }
    Optional<String> series = routerSeries(server);
    // Where the Router just follows the servers, a series that isn't there was reported with them.
    Section mysql = root.sectionOrEmpty("mysql");
    PackageRules packages = new PackageRules(root, problems);
    if (proxy.has("version")
        || proxy.has("packages")
        || server.filter(s -> packages.isServerOffered(mysql, s.series())).isPresent()) {
      series.ifPresent(s -> packages.router(proxy, mysql, s));
    }
    if (series.isPresent()
        && server.isPresent()
        && Catalog.isOlder(series.orElseThrow(), server.orElseThrow())) {
      problems.warning(
          proxy.valueAt("version"),
          "MySQL Router %s is older than the servers (%s)"
              .formatted(series.orElseThrow(), server.orElseThrow()),
          "use a Router as new as the servers or newer: it is made for them");
    }
  }

  /** The series of the Router, where it is a known one. */
  private Optional<String> routerSeries(Optional<ServerVersion> server) {
    if (!proxy.has("version")) {
      return server.map(Catalog::routerSeriesFor);
    }
    Optional<String> version = proxy.text("version");
    Optional<String> series = version.map(Catalog::seriesOf).filter(Catalog::isRouterSeries);
    if (version.isPresent() && series.isEmpty()) {
      problems.error(
          proxy.valueAt("version"),
          "no known MySQL Router is " + version.orElseThrow(),
          "known: "
              + String.join(
                  ", ",
                  Catalog.series().stream()
                      .map(Catalog.Series::name)
                      .filter(Catalog::isRouterSeries)
                      .toList()));
    }
    return series;
  }

  private void proxySql(Optional<ServerVersion> server) {
    if (proxy.text("packages").filter("distro"::equals).isPresent()) {
      problems.error(
          proxy.valueAt("packages"), "no distribution has ProxySQL", "use debs or preinstalled");
    }
    if (proxy.text("packages").filter("apt"::equals).isPresent()) {
      problems.error(
          proxy.valueAt("packages"),
          "ProxySQL from its own repository isn't supported",
          "use debs, which is verified by cluster.lock.yaml, or preinstalled");
    }
    if (isSinglePrimary() && proxy.whole("max-writers").filter(n -> n > 1).isPresent()) {
      problems.warning(
          proxy.valueAt("max-writers"),
          "a single-primary group has one writer",
          "remove max-writers, or set replication.mode to multi-primary");
    }
    if (!proxy.has("version")) {
      problems.error(
          proxy.at(), "proxy has no 'version'", "add the version of ProxySQL, such as 2.7.1");
      return;
    }
    Optional<ServerVersion> version = proxy.text("version").flatMap(ProxySqlCompatibility::version);
    if (version.isPresent() && server.isPresent()) {
      pair(version.orElseThrow(), server.orElseThrow());
    }
  }

  private void pair(ServerVersion proxySql, ServerVersion server) {
    ProxySqlCompatibility.Verdict verdict =
        ProxySqlCompatibility.of(proxySql, server, hasNativePasswords());
    if (verdict instanceof ProxySqlCompatibility.Impossible impossible) {
      problems.error(proxy.valueAt("version"), impossible.reason(), impossible.instead());
      return;
    }
    proxy.text("version").ifPresent(text -> new PackageRules(root, problems).proxySql(proxy, text));
    if (verdict instanceof ProxySqlCompatibility.ReadOnlyHostgroups readOnly && isGroup()) {
      readOnlyHostgroups(readOnly, proxySql, server);
    }
  }

  /** What can't be had where ProxySQL only sees whether a server is read-only. */
  private void readOnlyHostgroups(
      ProxySqlCompatibility.ReadOnlyHostgroups verdict,
      ServerVersion proxySql,
      ServerVersion server) {
    String watches =
        "ProxySQL %s can only watch whether a MySQL %s server is read-only"
            .formatted(proxySql.series(), server.series());
    if (verdict.staleReaders()) {
      problems.warning(
          proxy.valueAt("version"),
          watches + ": one that had to leave the group stays among the readers, with old data",
          "use ProxySQL 1.4 to 2.5");
    }
    proxy
        .whole("max-writers")
        .filter(most -> !isSinglePrimary() && most < root.size("nodes"))
        .ifPresent(
            most ->
                problems.warning(
                    proxy.valueAt("max-writers"),
                    watches + ": every node takes writes, whatever max-writers says",
                    "remove max-writers, or set replication.mode to single-primary"));
    if (proxy.has("max-transactions-behind")) {
      problems.warning(
          proxy.valueAt("max-transactions-behind"),
          watches + ", not how far it is behind: max-transactions-behind has no effect",
          "remove it");
    }
    Section failover = root.sectionOrEmpty("replication").sectionOrEmpty("failover");
    if (!verdict.staleReaders()
        && failover
            .text("exit-state-action")
            .filter(
                action ->
                    !action.equals(Replication.label(Replication.ExitStateAction.OFFLINE_MODE)))
            .isPresent()) {
      problems.warning(
          failover.valueAt("exit-state-action"),
          watches + ": one that had to leave the group then stays among the readers",
          "remove exit-state-action: offline-mode is the default");
    }
  }

  private boolean hasNativePasswords() {
    Located<String> value =
        root.sectionOrEmpty("mysql").options("options").get("mysql_native_password");
    return value != null && MySql.isOn(value.value());
  }
}
