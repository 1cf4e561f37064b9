package dev.clusterctl.proxy;

import java.util.Arrays;

/**
 * A variable of ProxySQL and the value it should have.
 *
 * @param name with the module's prefix, such as {@code mysql-monitor_username}
 * @param required whether a ProxySQL without it can't be used; others are set where they exist
 * @param secret whether the value must not be shown
 */
record Variable(Module module, String name, String value, boolean required, boolean secret) {
  /** A list of addresses to listen at; ours must be among them, others are the user's own. */
  static final String INTERFACES = "mysql-interfaces";

  static Variable required(Module module, String name, Object value) {
    return new Variable(module, name, value.toString(), true, false);
  }

  static Variable whereKnown(Module module, String name, Object value) {
    return new Variable(module, name, value.toString(), false, false);
  }

  static Variable secret(Module module, String name, String value) {
    return new Variable(module, name, value, true, true);
  }

  /** Whether this value serves. */
  boolean isMetBy(String actual) {
    return name.equals(INTERFACES)
        ? Arrays.asList(actual.split(";", -1)).contains(value)
        : value.equals(actual);
  }

  /**
   * Whether a new value takes effect only once ProxySQL is started again; it even refuses to load
   * it, and forgets it then.
   */
  boolean needsRestart() {
    return name.equals(INTERFACES);
  }

  @Override
  public String toString() {
    return secret ? name + " = ***" : name + " = " + value;
  }
}
