package dev.clusterctl.proxy;

/**
 * A statement for the admin interface.
 *
 * @param title what it does, for people; never holds a password
 * @param sql one statement, as the admin interface silently runs only the first of several; may
 *     hold passwords
 */
public record AdminStatement(String title, String sql) {

  /** The title only: the text may hold a password. */
  @Override
  public String toString() {
    return "AdminStatement[" + title + "]";
  }
}
