package dev.clusterctl.topology;

import dev.clusterctl.dialect.ServerVersion;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The MySQL server that runs on every node.
 *
 * @param version the version asked for; where the file names a series only ({@code 9.7}), the
 *     newest patch release of it that clusterctl knows
 * @param series whether the file named a series ({@code 9.7}) and any of its patch releases will do
 * @param packages where the server comes from
 * @param options additional lines for {@code [mysqld]}, in the file's order; keys as MySQL spells
 *     them, with underscores
 */
public record MySql(
    ServerVersion version, boolean series, Packages packages, Map<String, String> options) {
  private static final Set<String> ON = Set.of("on", "true", "1");

  /** Whether the file switches {@code mysql_native_password} on, which is off by default in 8.4. */
  public boolean hasNativePasswords() {
    return isOn(options.getOrDefault("mysql_native_password", ""));
  }

  /**
   * Whether a server of that version is what the file asks for: any release of the series where it
   * names a series only.
   */
  public boolean servedBy(ServerVersion installed) {
    return series ? installed.sameSeries(version) : installed.equals(version);
  }

  /** Whether MySQL takes a switch's value for ON. */
  static boolean isOn(String value) {
    return ON.contains(value.toLowerCase(Locale.ROOT));
  }
}
