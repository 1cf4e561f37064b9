package dev.clusterctl.operation;

import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteFile;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Proxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** The mysql client on the machines, with the right account and no password in sight. */
public final class SqlShell {
  private final Cluster cluster;

  public SqlShell(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Runs the client; its streams are the process's own.
   *
   * @param machine where; empty: a node that takes writes
   * @param statement what it runs; empty: what comes on standard input
   * @param terminal whether a person sits there
   * @return the client's exit status
   */
  public int run(Optional<NodeName> machine, Optional<String> statement, boolean terminal)
      throws IOException, InterruptedException {
    Optional<Proxy> proxy =
        cluster.topology().proxy().filter(p -> machine.equals(Optional.of(p.name())));
    String words = statement.map(s -> " --execute=" + Command.quote(s)).orElse("");
    boolean talk = terminal && statement.isEmpty();
    if (proxy.isPresent()) {
      return atProxy(proxy.get(), words, talk);
    }
    NodeName node =
        machine.isPresent()
            ? machine.get()
            : cluster.driver().writer().map(Node::name).orElse(firstNode());
    // The machine's root is the server's: it proves that through the socket.
    return OpenSsh.script(
        cluster, node, "exec mysql --no-defaults --protocol=socket --user=root" + words, talk);
  }

  private NodeName firstNode() {
    return cluster.topology().nodes().get(0).name();
  }

  private int atProxy(Proxy proxy, String words, boolean talk)
      throws IOException, InterruptedException {
    Credentials account;
    int port;
    String host;
    if (proxy instanceof Proxy.ProxySql proxySql) {
      account = cluster.proxyAdministration();
      host = "127.0.0.1";
      port = proxySql.adminPort();
    } else {
      account =
          cluster.application(
              cluster.topology().databases().stream()
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new IOException(
                              "no account goes through the proxy: cluster.yaml names no database")));
      host = proxy.address().value();
      port = proxy.writePort();
    }
    Remote remote = cluster.remote(proxy.name());
    String file = "/run/clusterctl/client-%s.cnf".formatted(UUID.randomUUID());
    remote.put(
        new RemoteFile(
            file,
            "[client]\nuser=%s\npassword=\"%s\"\n"
                .formatted(
                    account.user(), account.password().replace("\\", "\\\\").replace("\"", "\\\""))
                .getBytes(StandardCharsets.UTF_8),
            "0600",
            "root:root"));
    try {
      return OpenSsh.script(
          cluster,
          proxy.name(),
          "exec mysql --defaults-file=%s --protocol=tcp --host=%s --port=%d%s"
              .formatted(Command.quote(file), host, port, words),
          talk);
    } finally {
      remote.run(Command.words("forget the password", "rm", "-f", file));
    }
  }
}
