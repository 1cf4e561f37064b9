package dev.clusterctl.proxy;

import java.util.Map;
import java.util.stream.Collectors;

/** The admin interface's SQL: SQLite's, where a backslash is a character like any other. */
final class Sqlite {

  private Sqlite() {}

  static String literal(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL can't be part of a value in ProxySQL");
    }
    return "'" + text.replace("'", "''") + "'";
  }

  static String insert(String table, Map<String, String> row) {
    return "INSERT INTO %s (%s) VALUES (%s)"
        .formatted(
            table,
            String.join(", ", row.keySet()),
            row.values().stream().map(Sqlite::literal).collect(Collectors.joining(", ")));
  }

  static String update(String table, Map<String, String> values, Map<String, String> key) {
    return "UPDATE %s SET %s WHERE %s".formatted(table, pairs(values, ", "), pairs(key, " AND "));
  }

  static String delete(String table, Map<String, String> key) {
    return "DELETE FROM %s WHERE %s".formatted(table, pairs(key, " AND "));
  }

  private static String pairs(Map<String, String> values, String between) {
    return values.entrySet().stream()
        .map(e -> e.getKey() + " = " + literal(e.getValue()))
        .collect(Collectors.joining(between));
  }
}
