package dev.clusterctl.proxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The rows that a table should have. Only their columns are compared and set; what a person put in
 * others stays.
 *
 * @param key the columns by which a row is known
 * @param rows all that should be there of ours
 * @param ours which rows found belong to clusterctl and must go where they aren't wanted
 * @param hiddenColumn a column whose value is a secret, or empty
 * @param hiddenMatches whether a secret found serves for the one wanted (wanted, found)
 */
record Rows(
    Module module,
    String table,
    Set<String> key,
    List<Map<String, String>> rows,
    Predicate<Map<String, String>> ours,
    String hiddenColumn,
    BiPredicate<String, String> hiddenMatches) {

  static Rows plain(
      Module module,
      String table,
      Set<String> key,
      List<Map<String, String>> rows,
      Predicate<Map<String, String>> ours) {
    return new Rows(module, table, key, rows, ours, "", String::equals);
  }

  /** What must be edited for the table to be right; rows that are in the way go first. */
  List<AdminStatement> edits(List<Map<String, String>> actual) {
    List<AdminStatement> edits = new ArrayList<>();
    for (Map<String, String> found : actual) {
      if (ours.test(found) && find(rows, keyOf(found)) == null) {
        edits.add(
            new AdminStatement(
                "%s: remove %s".formatted(table, describe(keyOf(found))),
                Sqlite.delete(table, keyOf(found))));
      }
    }
    for (Map<String, String> wanted : rows) {
      Map<String, String> id = keyOf(wanted);
      Map<String, String> found = find(actual, id);
      if (found == null) {
        edits.add(
            new AdminStatement(
                "%s: add %s".formatted(table, describe(id)), Sqlite.insert(table, wanted)));
      } else {
        Map<String, String> differing = differing(wanted, found);
        if (!differing.isEmpty()) {
          edits.add(
              new AdminStatement(
                  "%s: %s: set %s".formatted(table, describe(id), describe(differing)),
                  Sqlite.update(table, differing, id)));
        }
      }
    }
    return edits;
  }

  private Map<String, String> differing(Map<String, String> wanted, Map<String, String> found) {
    Map<String, String> differing = new LinkedHashMap<>();
    wanted.forEach(
        (column, value) -> {
          String there = found.get(column);
          boolean same =
              there != null
                  && (column.equals(hiddenColumn)
                      ? hiddenMatches.test(value, there)
                      : value.equals(there));
          if (!same) {
            differing.put(column, value);
          }
        });
    return differing;
  }

  private Map<String, String> keyOf(Map<String, String> row) {
    Map<String, String> id = new LinkedHashMap<>(row);
    id.keySet().retainAll(key);
    return id;
  }

  private static @org.jspecify.annotations.Nullable Map<String, String> find(
      List<Map<String, String>> rows, Map<String, String> id) {
    for (Map<String, String> row : rows) {
      if (row.entrySet().containsAll(id.entrySet())) {
        return row;
      }
    }
    return null;
  }

  private String describe(Map<String, String> values) {
    List<String> words = new ArrayList<>();
    values.forEach((c, v) -> words.add(c + " = " + (c.equals(hiddenColumn) ? "***" : v)));
    return String.join(", ", words);
  }

  /** Names the table only: rows may hold passwords. */
  @Override
  public String toString() {
    return "Rows[" + table + "]";
  }
}
