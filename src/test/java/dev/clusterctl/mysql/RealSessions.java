package dev.clusterctl.mysql;

import java.sql.SQLException;

/** Sessions of real servers, for tests of other rooms. */
public final class RealSessions {
  private RealSessions() {}

  /** A new session of {@code root}. */
  public static Session open(RealServer server) throws SQLException {
    return new Session("db1", server.connect());
  }
}
