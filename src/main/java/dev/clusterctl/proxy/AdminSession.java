package dev.clusterctl.proxy;

import java.util.List;
import java.util.Map;

/** A session at ProxySQL's admin interface: SQLite's language, no transactions, all values text. */
public interface AdminSession extends AutoCloseable {

  /**
   * Runs one SELECT.
   *
   * @return the rows, columns in the table's order; a NULL is absent
   * @throws ProxySqlException if ProxySQL refuses it or the connection is lost
   */
  List<Map<String, String>> query(String select) throws ProxySqlException;

  /**
   * Runs one statement that gives no rows.
   *
   * @throws ProxySqlException if ProxySQL refuses it or the connection is lost; the message shows
   *     the statement's title only, as its text may hold a password
   */
  void execute(AdminStatement statement) throws ProxySqlException;

  @Override
  void close() throws ProxySqlException;
}
