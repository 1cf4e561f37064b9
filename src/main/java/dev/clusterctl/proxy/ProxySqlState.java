package dev.clusterctl.proxy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ProxySQL's configuration as it is: the tables that clusterctl has something to do with, in
 * memory, at run time and on disk.
 */
public final class ProxySqlState {
  private final Map<String, List<Map<String, String>>> tables;

  private ProxySqlState(Map<String, List<Map<String, String>>> tables) {
    this.tables = tables;
  }

  /**
   * Reads it.
   *
   * @throws ProxySqlException if a table can't be read
   */
  public static ProxySqlState read(AdminSession admin) throws ProxySqlException {
    List<String> names =
        Arrays.stream(Module.values()).flatMap(m -> m.tables().stream()).distinct().toList();
    Map<String, List<Map<String, String>>> tables = new LinkedHashMap<>();
    for (Layer layer : Layer.values()) {
      for (String name : names) {
        String table = layer.table(name);
        tables.put(table, admin.query("SELECT * FROM " + table));
      }
    }
    return new ProxySqlState(tables);
  }

  List<Map<String, String>> rows(Layer layer, String table) {
    return tables.getOrDefault(layer.table(table), List.of());
  }

  /** Names the tables only: rows hold passwords. */
  @Override
  public String toString() {
    return "ProxySqlState" + tables.keySet();
  }
}
