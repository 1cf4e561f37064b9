package dev.clusterctl.proxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How ProxySQL shows passwords: in clear, or hashed as {@code mysql_native_password} does. */
final class Passwords {

  private Passwords() {}

  /** Whether what was found is the password itself. */
  static boolean inClear(String wanted, String found) {
    return wanted.equals(found);
  }

  /** Whether what was found is the password or its hash ({@code *} and 40 hexadecimal digits). */
  static boolean inClearOrHashed(String wanted, String found) {
    return wanted.equals(found) || hashed(wanted).equalsIgnoreCase(found);
  }

  static String hashed(String password) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] once = sha1.digest(password.getBytes(StandardCharsets.UTF_8));
      return "*" + HexFormat.of().withUpperCase().formatHex(sha1.digest(once));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
