package dev.clusterctl.operation.failover;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The cluster as an application's client sees it: somewhere to connect for writing and somewhere to
 * connect for reading. Used by many threads.
 */
public interface ClientEndpoint {

  /** What a connection is for. */
  enum Purpose {
    WRITE,
    READ
  }

  /**
   * Opens a connection in the application's schema, with autocommit on and time-outs set, so that
   * no call on it blocks for ever. The caller closes it.
   *
   * @param client a number of the client, 0 or more: where there is a choice of nodes, different
   *     clients begin with different ones
   * @throws SQLException if nobody takes it; nothing was written then
   */
  Connection connect(Purpose purpose, int client) throws SQLException;

  /** Where clients connect, for people. */
  String description();
}
