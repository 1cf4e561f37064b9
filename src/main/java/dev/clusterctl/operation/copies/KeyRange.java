package dev.clusterctl.operation.copies;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A part of a table: the rows whose key comes after one and not after another.
 *
 * @param after the key's columns' bounds, see {@link TableColumn#bound}; empty: from the first row
 * @param upTo likewise, included; empty: to the last row
 */
record KeyRange(List<String> after, List<String> upTo) {
  /** The whole table. */
  static final KeyRange ALL = new KeyRange(List.of(), List.of());

  KeyRange {
    after = List.copyOf(after);
    upTo = List.copyOf(upTo);
  }

  /** The condition that its rows meet. */
  String condition(List<TableColumn> key) {
    List<String> conditions = new ArrayList<>();
    if (!after.isEmpty()) {
      conditions.add(beyond(key, after, ">", ">"));
    }
    if (!upTo.isEmpty()) {
      conditions.add(beyond(key, upTo, "<", "<="));
    }
    return conditions.isEmpty() ? "TRUE" : String.join(" AND ", conditions);
  }

  /**
   * Spelled out column by column: the optimizer makes a range of that, and not of a comparison of
   * rows.
   */
  private static String beyond(
      List<TableColumn> key, List<String> bounds, String operator, String last) {
    List<String> alternatives = new ArrayList<>();
    StringBuilder equal = new StringBuilder();
    for (int i = 0; i < key.size(); i++) {
      TableColumn column = key.get(i);
      String literal = column.literal(bounds.get(i));
      boolean isLast = i == key.size() - 1;
      alternatives.add(
          "(%s%s %s %s)".formatted(equal, column.sql(), isLast ? last : operator, literal));
      equal.append(column.sql()).append(" = ").append(literal).append(" AND ");
    }
    return "(" + String.join(" OR ", alternatives) + ")";
  }

  /** For people: {@code id > 1000 and id <= 2000}. */
  String words(List<TableColumn> key) {
    if (after.isEmpty() && upTo.isEmpty()) {
      return "the whole table";
    }
    List<String> words = new ArrayList<>();
    if (!after.isEmpty()) {
      words.add(names(key) + " > " + shown(key, after));
    }
    if (!upTo.isEmpty()) {
      words.add(names(key) + " <= " + shown(key, upTo));
    }
    return String.join(" and ", words);
  }

  private static String names(List<TableColumn> key) {
    return tuple(key.stream().map(TableColumn::name).toList());
  }

  /** A key's values for people: {@code 7}, {@code ('a', 3)}. */
  static String shown(List<TableColumn> key, List<String> bounds) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      values.add(key.get(i).shown(bounds.get(i)));
    }
    return tuple(values);
  }

  private static String tuple(List<String> values) {
    return values.size() == 1
        ? values.get(0)
        : values.stream().collect(Collectors.joining(", ", "(", ")"));
  }
}
