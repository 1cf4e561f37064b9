package dev.clusterctl.mysql;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One row of a result: columns by name in any case, every value as text. */
public final class Row {
  private final Map<String, @Nullable String> values;

  Row(Map<String, @Nullable String> values) {
    this.values = values;
  }

  /** A column's value; empty for NULL. */
  public Optional<String> optional(String column) {
    String key = column.toLowerCase(Locale.ROOT);
    if (!values.containsKey(key)) {
      throw new IllegalArgumentException("no column " + column + " among " + values.keySet());
    }
    return Optional.ofNullable(values.get(key));
  }

  /** A column's value; the empty string for NULL. */
  public String text(String column) {
    return optional(column).orElse("");
  }

  /** The value of a row's only column, whatever its name; the empty string for NULL. */
  public String only() {
    if (values.size() != 1) {
      throw new IllegalArgumentException("not one column but " + values.keySet());
    }
    String value = values.values().iterator().next();
    return value == null ? "" : value;
  }

  /** A column's value as a number; 0 for NULL. */
  public long number(String column) {
    return optional(column).map(Long::parseLong).orElse(0L);
  }
}
