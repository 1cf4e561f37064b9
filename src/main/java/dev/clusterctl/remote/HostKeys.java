package dev.clusterctl.remote;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Host keys as text: {@code ssh-ed25519 AAAA...}, a known_hosts line without the host and comment.
 */
public final class HostKeys {

  /** Strongest first: the order in which a scan asks. */
  private static final List<String> ALGORITHMS =
      List.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "rsa-sha2-512,rsa-sha2-256");

  private HostKeys() {}

  /**
   * The fingerprint as {@code ssh-keygen -l} shows it: {@code SHA256:} and Base64 without padding.
   *
   * @param key type and Base64, separated by a space
   * @throws IllegalArgumentException if the text isn't a key
   */
  public static String fingerprint(String key) {
    return fingerprint(blob(key));
  }

  static String fingerprint(byte[] blob) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The keys that a known_hosts file has for a host, hashed host names included; none if there is
   * no such file. Revoked keys and certificate authorities aren't among them.
   *
   * @throws IOException if the file can't be read
   */
  public static List<String> known(Path knownHosts, String host, int port) throws IOException {
    if (!Files.exists(knownHosts)) {
      return List.of();
    }
    try {
      JSch jsch = new JSch();
      jsch.setKnownHosts(knownHosts.toString());
      HostKeyRepository repository = jsch.getHostKeyRepository();
      // What ssh itself writes: the bare name for port 22 only.
      String entry = port == 22 ? host : "[" + host + "]:" + port;
      Set<String> keys = new LinkedHashSet<>();
      for (HostKey key : repository.getHostKey(entry, null)) {
        if (key.getMarker().isEmpty()) {
          keys.add(key.getType() + " " + key.getKey());
        }
      }
      return List.copyOf(keys);
    } catch (JSchException e) {
      throw new IOException("can't read " + knownHosts + ": " + e.getMessage(), e);
    }
  }

  /**
   * Asks a host which keys it presents, and trusts none of them: for messages only, so that a
   * person can compare.
   *
   * @return one key for each algorithm that the host has; empty if it can't be asked
   */
  public static List<String> presented(String host, int port, Duration timeout) {
    List<String> keys = new ArrayList<>();
    for (String algorithm : ALGORITHMS) {
      PinnedHostKeys nobody = new PinnedHostKeys(List.of());
      try {
        JSch jsch = new JSch();
        jsch.setInstanceLogger(new DebugLogger());
        jsch.setHostKeyRepository(nobody);
        Session session = jsch.getSession("nobody", host, port);
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("server_host_key", algorithm);
        session.connect(Math.toIntExact(timeout.toMillis()));
        session.disconnect();
      } catch (JSchException e) {
        // Expected: the key is refused. Where none was seen, the host hasn't one of this kind.
        nobody.seen().ifPresent(keys::add);
      }
    }
    return keys.stream().distinct().toList();
  }

  /** The key's type, such as {@code ssh-ed25519}. */
  static String type(String key) {
    return parts(key)[0];
  }

  /** The key itself, decoded. */
  static byte[] blob(String key) {
    return Base64.getDecoder().decode(parts(key)[1]);
  }

  private static String[] parts(String key) {
    String[] parts = key.strip().split("\\s+");
    if (parts.length < 2) {
      throw new IllegalArgumentException(
          "'" + key + "' is not a host key: expected a type and Base64, as in known_hosts");
    }
    return parts;
  }
}
