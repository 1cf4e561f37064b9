package dev.clusterctl.proxy;

import dev.clusterctl.dialect.ServerVersion;
import java.util.Map;
import java.util.Optional;

/** Makes a ProxySQL what it should be. */
public final class ProxySqlSetup {

  private ProxySqlSetup() {}

  /**
   * What would be changed; changes nothing.
   *
   * @throws ProxySqlException if that can't be found out
   */
  public static ProxySqlChanges check(AdminSession admin, ProxySqlDesired desired)
      throws ProxySqlException {
    return desired.diff(ProxySqlState.read(admin));
  }

  /**
   * Changes what differs, loads it, saves it, and looks whether it is so now. Can be done again
   * after it was interrupted anywhere.
   *
   * @return what was changed. Where it says {@link ProxySqlChanges#restart}, the caller restarts
   *     ProxySQL, and then checks again
   * @throws ProxySqlException if ProxySQL refuses something, or something differs still afterwards
   */
  public static ProxySqlChanges apply(AdminSession admin, ProxySqlDesired desired)
      throws ProxySqlException {
    ProxySqlChanges changes = check(admin, desired);
    for (AdminStatement statement : changes.edits()) {
      admin.execute(statement);
    }
    for (AdminStatement statement : changes.activations()) {
      admin.execute(statement);
    }
    if (!changes.isEmpty() && !changes.restart()) {
      ProxySqlChanges left = check(admin, desired);
      if (!left.isEmpty()) {
        throw new ProxySqlException(
            ProxySqlException.Kind.CONFIGURATION,
            "ProxySQL took every statement, and yet differs: " + String.join("; ", left.describe()),
            "its log says which values it refused: /var/lib/proxysql/proxysql.log",
            null);
      }
    }
    return changes;
  }

  /**
   * The version that ProxySQL says it has.
   *
   * @throws ProxySqlException if it doesn't say, or says what is none
   */
  public static ServerVersion version(AdminSession admin) throws ProxySqlException {
    String said = "";
    for (Map<String, String> row :
        admin.query(
            "SELECT variable_value FROM global_variables WHERE variable_name = 'admin-version'")) {
      said = row.getOrDefault("variable_value", "");
    }
    // Such as 2.7.1-0-g2726c27.
    Optional<ServerVersion> version = ServerVersion.parse(said);
    if (version.isEmpty()) {
      throw new ProxySqlException(
          ProxySqlException.Kind.CONFIGURATION,
          "ProxySQL says that its version is '" + said + "', which is none",
          "check that it is ProxySQL that listens at the admin port",
          null);
    }
    return version.get();
  }
}
