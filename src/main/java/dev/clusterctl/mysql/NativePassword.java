package dev.clusterctl.mysql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a server keeps of a password with {@code mysql_native_password}: always the same for the
 * same password, so that it can be compared without logging in.
 */
public final class NativePassword {
  /** The plugin's name. */
  public static final String PLUGIN = "mysql_native_password";

  private NativePassword() {}

  /** What {@code authentication_string} is then: a star and 40 hexadecimal digits. */
  public static String hash(String password) {
    return "*"
        + HexFormat.of()
            .withUpperCase()
            .formatHex(sha1(sha1(password.getBytes(StandardCharsets.UTF_8))));
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
