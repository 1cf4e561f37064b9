package dev.clusterctl.operation;

import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.proxy.AdminSession;
import dev.clusterctl.proxy.ProxySqlStatus;
import dev.clusterctl.proxy.RouterApi;
import dev.clusterctl.proxy.RouterService;
import dev.clusterctl.render.FollowingRouter;
import dev.clusterctl.render.RouterConfig;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How the proxy does, for {@link Status}. */
final class ProxyLook {
  private static final String ONLINE = "ONLINE";

  private final Cluster cluster;
  private final Proxy proxy;
  private final List<String> detail = new ArrayList<>();
  private final List<Status.Route> routes = new ArrayList<>();
  private final List<Status.Destination> destinations = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private String service = "unknown";

  private ProxyLook(Cluster cluster, Proxy proxy) {
    this.cluster = cluster;
    this.proxy = proxy;
  }

  static Status.ProxyStatus at(Cluster cluster, Proxy proxy, MachineProvider.State machine) {
    ProxyLook look = new ProxyLook(cluster, proxy);
    if (machine == MachineProvider.State.ABSENT) {
      look.problems.add("no machine");
    } else if (machine == MachineProvider.State.STOPPED) {
      look.problems.add("machine stopped");
    } else {
      try {
        look.look();
      } catch (IOException e) {
        look.problems.add(String.valueOf(e.getMessage()));
      }
    }
    return new Status.ProxyStatus(
        proxy.name(),
        proxy.address().value(),
        proxy instanceof Proxy.Router ? "mysql-router" : "proxysql",
        machine,
        look.service,
        ports(proxy),
        look.routes,
        look.destinations,
        look.detail,
        look.problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", look.problems)));
  }

  private void look() throws IOException {
    String unit = proxy instanceof Proxy.Router ? RouterConfig.SERVICE : "proxysql";
    // What is asked of a service is the same for both.
    RouterService found = RouterService.read(cluster.remote(proxy.name()), unit, ports());
    service = found.service();
    if (!service.equals("active")) {
      problems.add("its service is " + service + ": clusterctl up starts it");
      return;
    }
    for (int port : found.silentPorts()) {
      problems.add("nobody listens at port " + port);
    }
    if (proxy instanceof Proxy.ProxySql proxySql) {
      servers(proxySql);
    } else if (proxy instanceof Proxy.Router router && router.following().isPresent()) {
      login(router);
      routes(router, router.following().get());
    }
  }

  private static List<String> ports(Proxy proxy) {
    if (proxy.writePort() == proxy.readPort()) {
      return List.of(String.valueOf(proxy.writePort()));
    }
    List<String> ports =
        new ArrayList<>(List.of(proxy.writePort() + " (writes)", proxy.readPort() + " (reads)"));
    if (proxy instanceof Proxy.Router router) {
      router
          .following()
          .flatMap(Proxy.Following::splitPort)
          .ifPresent(port -> ports.add(port + " (both)"));
    }
    return List.copyOf(ports);
  }

  private void login(Proxy.Router router) {
    try {
      if (!RouterLogin.works(cluster, router)) {
        problems.add(
            "the servers refuse its account %s: clusterctl up mends that"
                .formatted(cluster.router().user()));
      }
    } catch (IOException e) {
      return; // No node takes writes, or answers: that is told among the group's problems.
    }
  }

  /** What the Router says of itself. */
  private void routes(Proxy.Router router, Proxy.Following following) throws IOException {
    Credentials account = cluster.routerApi();
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put(FollowingRouter.WRITE, router.writePort());
    ports.put(FollowingRouter.READ, router.readPort());
    following.splitPort().ifPresent(port -> ports.put(FollowingRouter.SPLIT, port));
    Map<String, RouterApi.Route> known = new LinkedHashMap<>();
    new RouterApi(
            cluster.remote(router.name()), following.restPort(), account.user(), account.password())
        .routes()
        .forEach(route -> known.put(route.name(), route));
    ports.forEach(
        (name, port) -> {
          RouterApi.Route route = known.get(name);
          if (route == null || !route.alive()) {
            problems.add("its route at port %d takes no clients".formatted(port));
          }
          if (route != null) {
            route
                .destinations()
                .forEach(
                    d ->
                        destinations.add(
                            new Status.Destination(port, nameOf(d.address()), d.connections())));
            detail.add(
                port
                    + ": "
                    + route.destinations().stream()
                        .map(d -> nameOf(d.address()) + " " + clients(d.connections()))
                        .collect(Collectors.joining(", ")));
          }
        });
  }

  private static String clients(int connections) {
    return connections == 1 ? "1 client" : connections + " clients";
  }

  /** ProxySQL has one port for both. */
  private Set<Integer> ports() {
    return new TreeSet<>(List.of(proxy.writePort(), proxy.readPort()));
  }

  private void servers(Proxy.ProxySql proxySql) throws IOException {
    ProxySqlStatus status;
    try (AdminSession admin = ProxySqlAccess.connect(cluster, proxySql)) {
      status = ProxySqlStatus.read(admin, proxySql.hostgroups());
    }
    Map<String, List<String>> byHostgroup = new LinkedHashMap<>();
    for (ProxySqlStatus.Server server : status.servers()) {
      String role = server.role().name().toLowerCase(Locale.ROOT).replace('_', '-');
      routes.add(
          new Status.Route(role, server.hostgroup(), nameOf(server.host()), server.status()));
      byHostgroup
          .computeIfAbsent(role + " (hostgroup " + server.hostgroup() + ")", r -> new ArrayList<>())
          .add(
              nameOf(server.host())
                  + (server.status().equals(ONLINE)
                      ? ""
                      : " " + server.status().toLowerCase(Locale.ROOT)));
    }
    byHostgroup.forEach((role, servers) -> detail.add(role + ": " + String.join(", ", servers)));
    if (status.servers().stream()
        .noneMatch(s -> s.role() == ProxySqlStatus.Role.WRITER && s.status().equals(ONLINE))) {
      problems.add("it knows no server that takes writes");
    }
    for (ProxySqlStatus.MonitorError error : status.errors()) {
      problems.add(
          "its %s check of %s fails: %s"
              .formatted(error.check().replace('_', ' '), nameOf(error.host()), error.error()));
    }
  }

  private String nameOf(String address) {
    return cluster.topology().nodes().stream()
        .filter(n -> n.address().value().equals(address))
        .map(Node::name)
        .findFirst()
        .map(Object::toString)
        .orElse(address);
  }
}
