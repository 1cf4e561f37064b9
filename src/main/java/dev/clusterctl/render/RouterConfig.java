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

  private RouterConfig() {}

  /**
   * The configuration: static routes to all nodes.
   *
   * @throws IllegalArgumentException if the topology's proxy isn't a Router
   */
  public static String config(Topology topology) {
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

        # Clients that write. Each new connection goes to the next server that takes it; one that doesn't is
        # left out until it answers again.
        """
            .formatted(SERVICE, 1024)
        + route("write", router.writePort(), topology.nodes())
        + "\n# Clients that only read.\n"
        + route("read", router.readPort(), topology.nodes());
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
   * @param binary the program's path, absolute
   */
  public static String unit(String binary) {
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
            .formatted(binary, PATH);
  }
}
