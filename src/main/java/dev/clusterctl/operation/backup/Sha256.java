package dev.clusterctl.operation.backup;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A hash that is being made. */
final class Sha256 {
  private final MessageDigest digest;

  Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void add(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
  }

  /** In 64 hexadecimal digits; nothing can be added any more. */
  String end() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
