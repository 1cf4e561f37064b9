package dev.clusterctl.mysql;

import java.util.List;
import java.util.Set;

/** The sessions of clients on a server, as opposed to clusterctl's own and those of replication. */
public final class ClientSessions {
  /** The session ended by itself meanwhile. */
  private static final int NO_SUCH_THREAD = 1094;

  private static final Set<String> OF_THE_SERVER = Set.of("system user", "event_scheduler");

  private ClientSessions() {}

  /**
   * Ends them all. What they have not committed is rolled back; a client that connects again finds
   * its way through the proxy to whoever takes writes then.
   *
   * @return how many there were
   */
  public static int end(Session session) throws MySqlException {
    List<Row> clients =
        session.query("SHOW PROCESSLIST").stream().filter(ClientSessions::isClient).toList();
    for (Row client : clients) {
      try {
        session.run("KILL " + client.number("Id"));
      } catch (MySqlException e) {
        if (e.code() != NO_SUCH_THREAD) {
          throw e;
        }
      }
    }
    return clients.size();
  }

  /** All accounts that clusterctl makes for itself begin with its name. */
  private static boolean isClient(Row session) {
    String user = session.text("User");
    return !OF_THE_SERVER.contains(user)
        && !user.startsWith("clusterctl")
        && !session.text("Command").startsWith("Binlog Dump");
  }
}
