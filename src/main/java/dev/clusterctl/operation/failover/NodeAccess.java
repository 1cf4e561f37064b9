package dev.clusterctl.operation.failover;

import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** One node of the cluster as its administrator reaches it. */
public interface NodeAccess {

  NodeName name();

  /** The address at which the other members reach it. */
  IpAddress address();

  /** Its machine. */
  Remote remote();

  /** The name of mysqld's systemd service: {@code mysql} or {@code mysqld}. */
  String service();

  /**
   * Opens a new connection of the administration account, with time-outs set (an answer may take up
   * to 10 s). The caller closes it.
   *
   * @throws SQLException if the server doesn't take it
   * @throws IOException if the machine can't be reached
   */
  Connection connect() throws SQLException, IOException;
}
