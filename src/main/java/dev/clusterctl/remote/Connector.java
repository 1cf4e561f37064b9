package dev.clusterctl.remote;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.Session;
import dev.clusterctl.remote.RemoteException.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens an SSH session to an endpoint, and says in words what stood in the way. */
final class Connector {
  private final Endpoint endpoint;
  private final SshOptions options;

  Connector(Endpoint endpoint, SshOptions options) {
    this.endpoint = endpoint;
    this.options = options;
  }

  /** Connects and logs in; blocks for at most a few times the connect time-out. */
  Session connect() throws RemoteException {
    PinnedHostKeys hostKeys = pinned();
    JSch jsch = new JSch();
    jsch.setInstanceLogger(new DebugLogger());
    jsch.setHostKeyRepository(hostKeys);
    addIdentity(jsch);
    try {
      Session session = jsch.getSession(endpoint.user(), endpoint.host(), endpoint.port());
      session.setConfig("PreferredAuthentications", "publickey");
      session.setConfig("StrictHostKeyChecking", "yes");
      session.setConfig(
          "server_host_key",
          PinnedHostKeys.algorithms(endpoint.hostKeys(), session.getConfig("server_host_key")));
      session.setServerAliveInterval(Math.toIntExact(options.keepAliveInterval().toMillis()));
      session.setServerAliveCountMax(options.keepAliveCount());
      session.setDaemonThread(true);
      session.connect(Math.toIntExact(options.connectTimeout().toMillis()));
      return session;
    } catch (JSchException e) {
      throw explain(e, hostKeys);
    }
  }

  private PinnedHostKeys pinned() throws RemoteException {
    if (endpoint.hostKeys().isEmpty()) {
      throw new RemoteException(
          Kind.HOST_KEY,
          "%s: no host key is known for %s, so it can't be told from an impostor"
              .formatted(endpoint.machine(), address()),
          List.of(),
          "Get the key from the machine itself (/etc/ssh/ssh_host_ed25519_key.pub).",
          null);
    }
    try {
      return new PinnedHostKeys(endpoint.hostKeys());
    } catch (IllegalArgumentException e) {
      throw new RemoteException(
          Kind.HOST_KEY,
          "%s: the host key given for it can't be read: %s"
              .formatted(endpoint.machine(), e.getMessage()),
          List.of(),
          "Write it as in a known_hosts line, without the host: ssh-ed25519 AAAA...",
          e);
    }
  }

  private void addIdentity(JSch jsch) throws RemoteException {
    if (!Files.isReadable(endpoint.identity())) {
      throw identityFailed(
          "the private key %s can't be read".formatted(endpoint.identity()),
          "Check that the file exists and that you may read it.",
          null);
    }
    try {
      KeyPair pair = KeyPair.load(jsch, endpoint.identity().toString(), null);
      boolean encrypted = pair.isEncrypted();
      pair.dispose();
      if (encrypted) {
        throw identityFailed(
            "the private key %s has a passphrase".formatted(endpoint.identity()),
            "Name a key without one: clusterctl works without asking.",
            null);
      }
      jsch.addIdentity(endpoint.identity().toString());
    } catch (JSchException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // JSch answers some files that aren't keys with unchecked exceptions.
      throw identityFailed(
          "%s is not a private key that can be read".formatted(endpoint.identity()),
          "Give an OpenSSH or PEM private key.",
          e);
    }
  }

  private RemoteException identityFailed(String problem, String advice, @Nullable Throwable cause) {
    return new RemoteException(
        Kind.AUTHENTICATION, endpoint.machine() + ": " + problem, List.of(), advice, cause);
  }

  private RemoteException explain(JSchException e, PinnedHostKeys hostKeys) {
    String said = String.valueOf(e.getMessage());
    if (e instanceof JSchHostKeyException) {
      return wrongHostKey(e, hostKeys);
    }
    if (said.startsWith("Auth fail")
        || said.startsWith("Auth cancel")
        || said.contains("Too many authentication failures")) {
      return new RemoteException(
          Kind.AUTHENTICATION,
          "%s: %s refuses the key %s for user %s"
              .formatted(endpoint.machine(), address(), endpoint.identity(), endpoint.user()),
          List.of(),
          "Add the line in %s.pub to ~%s/.ssh/authorized_keys there, and check that its sshd allows that user to log in with a key."
              .formatted(endpoint.identity(), endpoint.user()),
          e);
    }
    Throwable root = rootOf(e);
    if (root instanceof UnknownHostException) {
      return unreachable(
          "%s is not a host name that can be resolved".formatted(endpoint.host()), e);
    }
    if (root instanceof ConnectException) {
      return unreachable("nobody answers at %s (%s)".formatted(address(), root.getMessage()), e);
    }
    if (root instanceof NoRouteToHostException) {
      return unreachable("there is no route to %s".formatted(address()), e);
    }
    if (root instanceof SocketTimeoutException || said.contains("timeout:")) {
      return unreachable(
          "no answer from %s within %d s"
              .formatted(address(), options.connectTimeout().toSeconds()),
          e);
    }
    if (said.contains("closed by foreign host") || said.contains("Connection reset")) {
      return new RemoteException(
          Kind.CONNECTION,
          "%s: the sshd at %s closes the connection before anybody could log in"
              .formatted(endpoint.machine(), address()),
          List.of(),
          "If logins from here failed just now, it turns this host away for a while (PerSourcePenalties, MaxStartups): wait a minute and try again. Otherwise its log tells why: journalctl -u ssh",
          e);
    }
    String detail =
        e instanceof JSchAlgoNegoFailException
            ? "no algorithm in common with its sshd: " + said
            : said;
    return new RemoteException(
        Kind.CONNECTION,
        "%s: the SSH connection to %s failed: %s".formatted(endpoint.machine(), address(), detail),
        List.of(),
        "",
        e);
  }

  private RemoteException wrongHostKey(JSchException e, PinnedHostKeys hostKeys) {
    String expected =
        endpoint.hostKeys().stream()
            .map(key -> HostKeys.type(key) + " " + HostKeys.fingerprint(key))
            .collect(Collectors.joining(" or "));
    String seen =
        hostKeys
            .seen()
            .map(key -> HostKeys.type(key) + " " + HostKeys.fingerprint(key))
            .orElse("none");
    return new RemoteException(
        Kind.HOST_KEY,
        "%s: %s shows a host key that is not the one we know: expected %s, seen %s"
            .formatted(endpoint.machine(), address(), expected, seen),
        List.of(),
        "Either the machine was made anew, or somebody sits between. Compare with the key on the"
            + " machine itself before you replace the known one.",
        e);
  }

  private RemoteException unreachable(String problem, JSchException e) {
    return new RemoteException(
        Kind.UNREACHABLE,
        endpoint.machine() + ": " + problem,
        List.of(),
        "Check that the machine runs, that its sshd listens on port %d, and that no firewall is in between."
            .formatted(endpoint.port()),
        e);
  }

  private String address() {
    return endpoint.host() + ":" + endpoint.port();
  }

  private static Throwable rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
