package dev.clusterctl.mysql;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text as MySQL's SQL takes it literally, whatever {@code sql_mode} says: with {@code
 * NO_BACKSLASH_ESCAPES} a backslash is a character like any other and without it an escape, so none
 * is ever written; double quotes, which {@code ANSI_QUOTES} gives another meaning, aren't used.
 *
 * <p>The connection's character set must be UTF-8 (as Connector/J's is): in some East Asian ones a
 * quote can be the second byte of a character.
 */
public final class Quoting {
  private static final int LONGEST_IDENTIFIER = 64;
  private static final int LONGEST_USER = 32;
  private static final int LONGEST_HOST = 255;

  private Quoting() {}

  /**
   * The name of a schema, table, column, …
   *
   * @throws IllegalArgumentException if MySQL has no such names: empty, longer than 64 characters,
   *     with a NUL, or ending in a blank
   */
  public static String identifier(String name) {
    if (name.isEmpty()
        || name.length() > LONGEST_IDENTIFIER
        || name.indexOf('\0') >= 0
        || name.endsWith(" ")) {
      throw new IllegalArgumentException("'%s' can't be a name in MySQL".formatted(name));
    }
    return "`" + name.replace("`", "``") + "`";
  }

  /**
   * A string wherever SQL takes an expression: in conditions, {@code VALUES}, {@code SET}. With a
   * backslash or a control character in it, it becomes hexadecimal.
   */
  public static String literal(String text) {
    return isPlain(text)
        ? plain(text)
        : "_utf8mb4 x'"
            + HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.UTF_8))
            + "'";
  }

  /**
   * A password for {@code IDENTIFIED BY} and the like, where SQL's grammar wants a plain string and
   * no expression.
   *
   * @throws IllegalArgumentException if it holds a backslash or a control character, which no plain
   *     string can hold under every {@code sql_mode}; the message doesn't show the password
   */
  public static String password(String text) {
    if (!isPlain(text)) {
      throw new IllegalArgumentException(
          "a password holds a backslash or a control character, which MySQL reads differently from"
              + " one sql_mode to the next: choose one without");
    }
    return plain(text);
  }

  /**
   * An account, {@code 'user'@'host'}.
   *
   * @param host a name, an address, a network ({@code 192.168.16.0/255.255.255.0}) or a pattern
   * @throws IllegalArgumentException if MySQL can't have such an account: user longer than 32
   *     characters, host longer than 255, a backslash or control character in either
   */
  public static String account(String user, String host) {
    if (user.length() > LONGEST_USER
        || host.isEmpty()
        || host.length() > LONGEST_HOST
        || !isPlain(user)
        || !isPlain(host)) {
      throw new IllegalArgumentException(
          "'%s'@'%s' can't be an account in MySQL".formatted(user, host));
    }
    return plain(user) + "@" + plain(host);
  }

  /**
   * A schema's name where {@code GRANT … ON} takes it: there {@code _} and {@code %} stand for
   * other characters unless a backslash says otherwise.
   */
  public static String grantSchema(String name) {
    return identifier(name.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%"));
  }

  private static boolean isPlain(String text) {
    return text.chars().noneMatch(c -> c == '\\' || Character.isISOControl(c));
  }

  private static String plain(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
