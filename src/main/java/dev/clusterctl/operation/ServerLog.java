package dev.clusterctl.operation;

import dev.clusterctl.remote.Command;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.List;

/**
 * The error log of a node's server, from some moment on: what it said earlier would only mislead.
 * Read on the machine, so that it can be read whether or not the server runs.
 */
public final class ServerLog {
  private static final int MOST_LINES = 200;

  private final Cluster cluster;
  private final Node node;
  private final long begin;

  private ServerLog(Cluster cluster, Node node, long begin) {
    this.cluster = cluster;
    this.node = node;
    this.begin = begin;
  }

  /** The log from now on. */
  public static ServerLog fromNow(Cluster cluster, Node node) throws IOException {
    String length =
        cluster
            .remote(node.name())
            .check(
                Command.shell(
                    "measure the server's log",
                    "stat -c %%s %s 2>/dev/null || echo 0"
                        .formatted(Command.quote(cluster.installation(node.name()).errorLog()))));
    return new ServerLog(cluster, node, Long.parseLong(length.strip()));
  }

  /** The errors in it since then, the last 200 at most, as they stand there. */
  public List<String> errors() throws IOException {
    return cluster
        .remote(node.name())
        .check(
            Command.shell(
                "read the server's log",
                "tail -c +%d %s 2>/dev/null | { grep -F -e '[ERROR]' || true; } | tail -n %d"
                    .formatted(
                        begin + 1,
                        Command.quote(cluster.installation(node.name()).errorLog()),
                        MOST_LINES)))
        .lines()
        .map(String::strip)
        .toList();
  }
}
