package dev.clusterctl.remote;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Accepts the given keys, no others, and remembers which key was presented. */
final class PinnedHostKeys implements HostKeyRepository {
  private final List<byte[]> pinned;
  private volatile @Nullable String seen;

  PinnedHostKeys(List<String> keys) {
    this.pinned = keys.stream().map(HostKeys::blob).toList();
  }

  /**
   * JSch's list of host key algorithms with those of the pinned keys first: a host that has several
   * keys must present one that we know.
   */
  static String algorithms(List<String> keys, String defaults) {
    Set<String> order = new LinkedHashSet<>();
    for (String key : keys) {
      String type = HostKeys.type(key);
      // One RSA key serves three signature algorithms; SHA-1 isn't used.
      order.addAll(
          type.equals("ssh-rsa") ? List.of("rsa-sha2-512", "rsa-sha2-256") : List.of(type));
    }
    order.addAll(Arrays.asList(defaults.split(",", -1)));
    return String.join(",", order);
  }

  /** The key that the host presented last. */
  Optional<String> seen() {
    return Optional.ofNullable(seen);
  }

  @Override
  public int check(String host, byte[] key) {
    ByteBuffer blob = ByteBuffer.wrap(key);
    byte[] type = new byte[blob.getInt()];
    blob.get(type);
    seen =
        new String(type, StandardCharsets.US_ASCII) + " " + Base64.getEncoder().encodeToString(key);
    if (pinned.stream().anyMatch(known -> Arrays.equals(known, key))) {
      return OK;
    }
    return pinned.isEmpty() ? NOT_INCLUDED : CHANGED;
  }

  @Override
  public void add(HostKey key, UserInfo user) {
    throw new UnsupportedOperationException("host keys are pinned");
  }

  @Override
  public void remove(String host, String type) {
    throw new UnsupportedOperationException("host keys are pinned");
  }

  @Override
  public void remove(String host, String type, byte[] key) {
    throw new UnsupportedOperationException("host keys are pinned");
  }

  @Override
  public String getKnownHostsRepositoryID() {
    return "the keys that clusterctl knows";
  }

  @Override
  public HostKey[] getHostKey() {
    return new HostKey[0];
  }

  @Override
  public HostKey[] getHostKey(String host, String type) {
    return new HostKey[0];
  }
}
