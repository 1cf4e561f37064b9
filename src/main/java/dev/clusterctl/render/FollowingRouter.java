package dev.clusterctl.render;

import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.RouterOptions;
import dev.clusterctl.topology.RouterOptions.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What clusterctl adds to the configuration of a MySQL Router that follows an InnoDB Cluster. The
 * Router writes one itself when it is bootstrapped, and reads this after it: so a change here takes
 * a restart and no new bootstrap.
 */
public final class FollowingRouter {
  /** Where the addition is. */
  public static final String PATH = "/etc/mysqlrouter/clusterctl.conf";

  /** What bootstrapping writes: configuration, keys, state. */
  public static final String DIRECTORY = "/var/lib/mysqlrouter/cluster";

  /** The configuration that bootstrapping writes. */
  public static final String BOOTSTRAPPED = DIRECTORY + "/mysqlrouter.conf";

  /** Who may ask its REST API, with passwords as hashes. */
  public static final String API_ACCOUNTS = "/etc/mysqlrouter/api-accounts";

  /** Names of the routes, as bootstrapping gives them. */
  public static final String WRITE = "bootstrap_rw";

  public static final String READ = "bootstrap_ro";
  public static final String SPLIT = "bootstrap_rw_split";

  /** MySQL Router takes 1 to 1024. */
  private static final int IO_THREADS = 64;

  private final Proxy.Router router;
  private final Proxy.Following following;
  private final StringBuilder text = new StringBuilder();

  private FollowingRouter(Proxy.Router router) {
    this.router = router;
    this.following =
        router
            .following()
            .orElseThrow(() -> new IllegalArgumentException(router.name() + " follows nothing"));
  }

  /**
   * The addition's text; it holds no secret.
   *
   * @throws IllegalArgumentException if the Router's routes are fixed
   */
  public static String config(Proxy.Router router) {
    return new FollowingRouter(router).render();
  }

  private String render() {
    text.append(Header.comment("#"))
        .append("# Read after ")
        .append(BOOTSTRAPPED)
        .append(", which mysqlrouter --bootstrap wrote.\n");
    section(
        "DEFAULT",
        """
        # Standard error, which systemd keeps: journalctl -u %s
        logging_folder =
        # Seconds in which a server must take a connection, and answer, when it is asked about the
        # cluster. One that is frozen or cut off does neither, and nothing is known anew meanwhile: with
        # the defaults of 5 and 30 clients waited for 15 s and more.
        connect_timeout = 1
        read_timeout = 1
        # Connections of all routes together; 512 by default.
        max_total_connections = 1024
        """
            .formatted(RouterConfig.SERVICE),
        Part.DEFAULT);
    section("logger", "level = info\n", Part.LOGGER);
    section(
        "io",
        """
        # A client that comes back at the moment when the primary is lost holds up the thread that serves
        # it until there is another primary, for 10 s at most, and with it every client of that thread.
        # With the default of one thread a processor a few such clients stop everybody.
        threads = %d
        """
            .formatted(IO_THREADS),
        Part.IO);
    section(
        "metadata_cache:bootstrap",
        """
        # Seconds between two looks at who is the primary: what clients wait for beyond what the group
        # itself takes. 0.5 by default.
        ttl = 0.1
        """,
        Part.METADATA_CACHE);
    section(
        "destination_status",
        """
        # A server that takes no connection is left out at once, and tried again each second.
        error_quarantine_threshold = 1
        error_quarantine_interval = 1
        """,
        Part.DESTINATION_STATUS);
    section("connection_pool", "", Part.CONNECTION_POOL);
    route(WRITE, router.writePort());
    route(READ, router.readPort());
    following.splitPort().ifPresent(port -> route(SPLIT, port));
    restApi();
    return text.toString();
  }

  private void route(String name, int port) {
    section(
        "routing:" + name,
        """
        bind_port = %d
        # Seconds in which a server must take a connection; a frozen one doesn't. 5 by default.
        connect_timeout = 1
        # Failed logins in a row after which a client's address is shut out. A fail-over makes every client
        # fail a few times at once: none of them is an attacker.
        max_connect_errors = 4294967295
        """
            .formatted(port),
        Part.ROUTING);
  }

  /** Its health can be asked on its own machine, also when no server answers. */
  private void restApi() {
    text.append(
        """

        # Its health, for clusterctl status: on this machine only.
        [http_server]
        bind_address = 127.0.0.1
        port = %1$d
        ssl = 1
        ssl_cert = %2$s/data/router-cert.pem
        ssl_key = %2$s/data/router-key.pem

        [http_auth_backend:clusterctl]
        backend = file
        filename = %3$s

        [http_auth_realm:clusterctl]
        backend = clusterctl
        method = basic
        name = clusterctl

        [rest_api]
        """
            .formatted(following.restPort(), DIRECTORY, API_ACCOUNTS));
    for (String plugin : List.of("rest_router", "rest_routing", "rest_metadata_cache")) {
      text.append("\n[").append(plugin).append("]\nrequire_realm = clusterctl\n");
    }
  }

  /** A section: what clusterctl sets unless the user does, then what the user sets. */
  private void section(String name, String lines, Part part) {
    Map<String, String> own = new LinkedHashMap<>();
    following
        .options()
        .forEach(
            (key, value) -> {
              Optional<RouterOptions.Setting> setting = RouterOptions.setting(key, value);
              setting.filter(s -> s.part() == part).ifPresent(s -> own.put(s.name(), s.value()));
            });
    if (lines.isEmpty() && own.isEmpty()) {
      return;
    }
    text.append("\n[").append(name).append("]\n");
    StringBuilder comment = new StringBuilder();
    for (String line : lines.lines().toList()) {
      if (line.startsWith("#")) {
        comment.append(line).append('\n');
        continue;
      }
      if (!own.containsKey(line.substring(0, line.indexOf('=')).strip())) {
        text.append(comment).append(line.stripTrailing()).append('\n');
      }
      comment.setLength(0);
    }
    if (!own.isEmpty()) {
      text.append("# From the options in cluster.yaml.\n");
      own.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    }
  }
}
