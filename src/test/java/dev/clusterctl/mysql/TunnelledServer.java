package dev.clusterctl.mysql;

import dev.clusterctl.remote.Endpoint;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.SshRemote;
import dev.clusterctl.remote.TestSshServer;
import dev.clusterctl.topology.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real MySQL server behind a real SSH connection, as a node of a cluster is. */
public final class TunnelledServer implements AutoCloseable {
  /** Of the account that clusterctl administers the server with: everything, from 127.0.0.1. */
  public static final Credentials ROOT = new Credentials("root", "");

  private final RealServer server;
  private final TestSshServer sshd;
  private final Remote remote;

  /**
   * @param directory an empty one
   * @param options lines for {@code [mysqld]}
   */
  public TunnelledServer(RealServer.Release release, Path directory, String options)
      throws Exception {
    server = RealServer.start(release, "[mysqld]\n" + options);
    sshd = new TestSshServer(directory);
    remote =
        new SshRemote(
            new Endpoint(
                "db1",
                "127.0.0.1",
                sshd.port(),
                "root",
                sshd.clientKeyFile(),
                List.of(sshd.hostKeyText())));
  }

  /** The server, through the tunnel. */
  public MySqlServer node() {
    return new MySqlServer("db1", remote, new IpAddress("127.0.0.1"), server.port());
  }

  /** A session without TLS, through the tunnel. */
  public Session open(Credentials credentials) throws Exception {
    return node().open(credentials, MySqlServer.Tls.OFF, Duration.ofSeconds(30));
  }

  @Override
  public void close() throws Exception {
    remote.close();
    sshd.close();
    server.close();
  }
}
