package dev.clusterctl.proxy;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The passwords that ProxySQL must know.
 *
 * @param admin of the account {@code admin} of its admin interface
 * @param monitorUser the servers' account with which it watches them
 * @param users of the applications' accounts, by user name
 */
public record ProxySqlSecrets(
    String admin, String monitorUser, String monitorPassword, Map<String, String> users) {
  private static final Pattern ADMIN_PASSWORD = Pattern.compile("[A-Za-z0-9_-]{8,64}");

  /**
   * @throws IllegalArgumentException if the admin password isn't 8 to 64 letters, digits,
   *     underscores and hyphens: ProxySQL keeps it in a list split at colons and semicolons
   */
  public ProxySqlSecrets {
    users = Map.copyOf(users);
    if (!ADMIN_PASSWORD.matcher(admin).matches()) {
      throw new IllegalArgumentException(
          "the password of ProxySQL's admin interface must be 8 to 64 letters, digits, underscores"
              + " and hyphens");
    }
  }

  @Override
  public String toString() {
    return "ProxySqlSecrets[***]";
  }
}
