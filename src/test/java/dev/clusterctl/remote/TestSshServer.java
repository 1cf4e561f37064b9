package dev.clusterctl.remote;

import com.jcraft.jsch.JSch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.shell.ProcessShellFactory;

/**
 * An SSH server in this process that runs commands with this host's shell, as the user who runs the
 * tests.
 */
public final class TestSshServer implements AutoCloseable {
  private final SshServer server = SshServer.setUpDefaultServer();
  private final Path clientKey;
  private KeyPair hostKey;

  public TestSshServer(Path directory) throws Exception {
    clientKey = directory.resolve("client");
    String allowed = newClientKey(clientKey);
    hostKey = newHostKey();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator(
        (user, key, session) -> PublicKeyEntry.toString(key).equals(allowed));
    // MINA's own factory splits words itself; a real sshd gives the line to a shell.
    server.setCommandFactory(
        (channel, line) ->
            new ProcessShellFactory(line, List.of("/bin/sh", "-c", line)).createShell(channel));
    server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    server.start();
  }

  /**
   * Makes a private key file; ECDSA, as MINA has Ed25519 only with a further library.
   *
   * @return the public key
   */
  static String newClientKey(Path file) throws Exception {
    com.jcraft.jsch.KeyPair pair =
        com.jcraft.jsch.KeyPair.genKeyPair(new JSch(), com.jcraft.jsch.KeyPair.ECDSA, 256);
    pair.writePrivateKey(file.toString());
    return "ecdsa-sha2-nistp256 " + Base64.getEncoder().encodeToString(pair.getPublicKeyBlob());
  }

  private static KeyPair newHostKey() throws Exception {
    return KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
  }

  /** Shows another key from now on. */
  void changeHostKey() throws Exception {
    hostKey = newHostKey();
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
  }

  public String hostKeyText() {
    return PublicKeyEntry.toString(hostKey.getPublic());
  }

  public Path clientKeyFile() {
    return clientKey;
  }

  public int port() {
    return server.getPort();
  }

  Endpoint endpoint() {
    return new Endpoint("db1", "127.0.0.1", port(), "root", clientKey, List.of(hostKeyText()));
  }

  int sessions() {
    return server.getActiveSessions().size();
  }

  /** Cuts every connection, as a reboot would. */
  void cut() {
    try {
      for (AbstractSession session : server.getActiveSessions()) {
        session.close(true).await(5, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
