package dev.clusterctl.operation.copies;

import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.copies.VerifyReport.Guard;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Tries a real write on nodes that should refuse it, as the application would: its account, from
 * where it comes from.
 *
 * <p>The write is a DELETE from a table that doesn't exist. A server that is read-only refuses it
 * for that reason, before it looks for the table; one that takes writes misses the table. So
 * nothing is changed, whatever the answer, and no transaction is made.
 */
final class Guards {
  /** ER_OPTION_PREVENTS_STATEMENT and ER_READ_ONLY_MODE. */
  private static final Set<Integer> REFUSED = Set.of(1290, 1836);

  private static final int NO_SUCH_TABLE = 1146;

  private final Cluster cluster;

  Guards(Cluster cluster) {
    this.cluster = cluster;
  }

  Guard tryToWrite(Node node) {
    Optional<Database> database = cluster.topology().databases().stream().findFirst();
    try (Session session = open(node, database)) {
      try {
        session.run(
            "DELETE FROM %s.clusterctl_no_such_table"
                .formatted(database.map(d -> "`" + d.name() + "`").orElse("mysql")));
        return new Guard(node.name().value(), false, "it took a write");
      } catch (MySqlException e) {
        if (e.code() == NO_SUCH_TABLE) {
          return new Guard(node.name().value(), false, "it takes writes");
        }
        return new Guard(
            node.name().value(), REFUSED.contains(e.code()), String.valueOf(e.getMessage()));
      }
    } catch (IOException e) {
      return new Guard(
          node.name().value(), false, "whether it does couldn't be asked: " + e.getMessage());
    }
  }

  /** Applications come from the proxy; without one, from the machines' network. */
  private Session open(Node node, Optional<Database> database) throws IOException {
    if (database.isEmpty()) {
      return cluster.admin(node);
    }
    Remote from = cluster.remote(cluster.topology().proxy().map(p -> p.name()).orElse(node.name()));
    Credentials application = cluster.application(database.get());
    return new MySqlServer(node.name().value(), from, node.address())
        .open(
            application,
            cluster.clientsUseTls() ? MySqlServer.Tls.REQUIRED : MySqlServer.Tls.OFF,
            Cluster.STATEMENT);
  }
}
