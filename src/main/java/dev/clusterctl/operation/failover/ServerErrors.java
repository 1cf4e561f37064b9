package dev.clusterctl.operation.failover;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Set;

/** What a failed statement tells a client about the row it wanted to write. */
final class ServerErrors {
  /** The server runs with --super-read-only. */
  static final int OPTION_PREVENTS_STATEMENT = 1290;

  private static final int DUPLICATE_KEY = 1062;
  private static final int LOCK_WAIT_TIMEOUT = 1205;
  private static final int DEADLOCK = 1213;

  /**
   * Errors of SQLState class HY000 that are raised before a statement changes anything, or that
   * roll it back before the group has been asked to commit it. Whatever isn't here may have been
   * committed: 3100 (a hook failed) and 3101 (the plugin rolled back) are also what a member
   * answers for transactions still waiting for the group when it leaves, and the others may have
   * committed those; 1180 is an error during the commit; 1053, 1317 and 3169 may have hit a waiting
   * commit.
   */
  private static final Set<Integer> REFUSED =
      Set.of(
          1040, // too many connections
          1041, // out of memory
          1114, // table is full
          1197, // larger than the binary log cache
          LOCK_WAIT_TIMEOUT,
          OPTION_PREVENTS_STATEMENT,
          1792, // read-only transaction
          1836, // running in read-only mode
          3032, // offline mode
          3098, // Group Replication refuses the statement (before DML)
          9001); // ProxySQL found no server for it in time

  /** Errors after which the same connection goes on being useful. */
  private static final Set<Integer> KEEPS_CONNECTION =
      Set.of(DUPLICATE_KEY, LOCK_WAIT_TIMEOUT, DEADLOCK);

  private ServerErrors() {}

  /** Whether the row is certainly not written; false: it may be there or not. */
  static boolean isRefusal(SQLException e) {
    int code = e.getErrorCode();
    if (e instanceof SQLTimeoutException || code == 0 || isClientCode(code)) {
      return false;
    }
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (code == DEADLOCK || REFUSED.contains(code)) {
      return true;
    }
    // Bad data, violated constraints, no permission or no such table: found before anything is
    // done.
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("42");
  }

  /** Whether the connection can be used for the next statement. */
  static boolean keepsConnection(SQLException e) {
    return KEEPS_CONNECTION.contains(e.getErrorCode());
  }

  /**
   * 2000 to 2999 are the client library's own errors; a proxy hands out those that it met itself on
   * the way to the server, 2013 (lost connection during query) above all.
   */
  private static boolean isClientCode(int code) {
    return code >= 2000 && code < 3000;
  }
}
