package dev.clusterctl.render;

import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.util.List;
import java.util.stream.Collectors;

/** MySQL Router's configuration and systemd service. */
public final class RouterConfig {
  /** Where the configuration is. */
  public static final String PATH = "/etc/mysqlrouter/mysqlrouter.conf";

  /** The service's name, without {@code .service}. */
  public static final String SERVICE = "mysqlrouter";

  /** Where the service is described. */
  public static final String UNIT_PATH = "/etc/systemd/system/" + SERVICE + ".service";

  private static final String TO_ANY =
      """
      # Clients that write. Each new connection goes to the next server that takes it; one that doesn't is
      # left out until it answers again.
      """;

  private static final String TO_SOURCE =
      """
      # Clients that write go to the source. clusterctl switchover and failover change this line.
      """;

  private RouterConfig() {}

  /**
   * The configuration as it is at first: static routes to all nodes; without a group, writes go to
   * the node that the file names as the source.
   *
   * @throws IllegalArgumentException if the topology's proxy isn't a Router
   */
  public static String config(Topology topology) {
    return topology
        .replication()
        .sourceReplica()
        .map(s -> config(topology, topology.node(s.source()).orElseThrow()))
        .orElseGet(() -> config(topology, topology.nodes()));
  }

  /**
   * The configuration where the one node that takes writes is known.
   *
   * @throws IllegalArgumentException if the topology's proxy isn't a Router
   */
  public static String config(Topology topology, Node source) {
    return config(topology, List.of(source), topology.nodes());
  }

  /**
   * The configuration where some nodes of a group have never been members of it: they are read-only
   * and empty, and no client is to be sent there.
   *
   * @throws IllegalArgumentException if the topology's proxy isn't a Router
   */
  public static String config(Topology topology, List<Node> members) {
    return config(topology, members, members);
  }

  private static String config(Topology topology, List<Node> writers, List<Node> readers) {
    Proxy.Router router =
        topology
            .proxy()
            .filter(Proxy.Router.class::isInstance)
            .map(Proxy.Router.class::cast)
            .orElseThrow(
                () -> new IllegalArgumentException(topology.name() + " has no MySQL Router"));
    return Header.comment("#")
        + """

        [DEFAULT]
        # Standard error, which systemd keeps: journalctl -u %1$s
        logging_folder =
        # Seconds in which a server must take a connection. One that is down refuses at once; one that is
        # gone or frozen answers nothing: then this is what a client waits before the next server is tried.
        # The servers are all in one network, so 1 s is plenty.
        connect_timeout = 1
        # Connections of all routes together.
        max_total_connections = %2$d

        [logger]
        level = INFO

        """
            .formatted(SERVICE, 1024)
        + (topology.replication().hasGroup() ? TO_ANY : TO_SOURCE)
        + route("write", router.writePort(), writers)
        + "\n# Clients that only read.\n"
        + route("read", router.readPort(), readers);
  }

  private static String route(String name, int port, List<Node> nodes) {
    return """
    [routing:%s]
    bind_address = 0.0.0.0
    bind_port = %d
    protocol = classic
    routing_strategy = round-robin
    destinations = %s
    connect_timeout = 1
    # Seconds for a client to log in. It also is what a server is given that takes connections but
    # says nothing.
    client_connect_timeout = 9
    # Failed logins in a row after which a client's address is shut out. A fail-over makes every client fail
    # a few times at once: none of them is an attacker.
    max_connect_errors = 4294967295
    max_connections = 512
    """
        .formatted(
            name,
            port,
            nodes.stream()
                .map(n -> n.address() + ":" + MyCnf.PORT)
                .collect(Collectors.joining(",")));
  }

  /**
   * The systemd service; it runs as the user {@code mysqlrouter}.
   *
   * @param router whether its routes are fixed or follow a cluster decides what it reads
   * @param binary the program's path, absolute
   */
  public static String unit(Proxy.Router router, String binary) {
    String files =
        router.following().isPresent()
            ? FollowingRouter.BOOTSTRAPPED + " --extra-config " + FollowingRouter.PATH
            : PATH;
    return Header.comment("#")
        + """
        [Unit]
        Description=MySQL Router
        After=network-online.target
        Wants=network-online.target

        [Service]
        # Ready once it listens.
        Type=notify
        User=mysqlrouter
        Group=mysqlrouter
        RuntimeDirectory=mysqlrouter
        StateDirectory=mysqlrouter
        ExecStart=%s --config %s
        Restart=always
        RestartSec=1
        StartLimitInterval=0
        LimitNOFILE=65536
        NoNewPrivileges=true
        ProtectSystem=full
        ProtectHome=true
        PrivateTmp=true

        [Install]
        WantedBy=multi-user.target
        """
            .formatted(binary, files);
  }
}
