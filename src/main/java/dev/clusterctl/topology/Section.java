package dev.clusterctl.topology;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the file, each value checked against its shape. A key whose value has the wrong
 * shape is {@link #has written} but has no value: it was reported already, and nothing is built
 * from it.
 */
final class Section {
  private final Shape.Keys shape;
  private final String path;
  private final Position at;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * A key as the file has it.
   *
   * @param value String, Long, Boolean, {@link Section}, {@link ItemValues} or {@link
   *     OptionValues}; null where it has the wrong shape
   */
  private record Entry(Position key, Position at, @Nullable Object value) {}

  /**
   * A list.
   *
   * @param values the items that have the right shape
   * @param written how many items the file has
   */
  record ItemValues(List<Located<Object>> values, int written) {}

  /** Options by normalised name, in the file's order. */
  record OptionValues(Map<String, Located<String>> values) {}

  Section(Shape.Keys shape, String path, Position at) {
    this.shape = shape;
    this.path = path;
    this.at = at;
  }

  void put(String key, Position keyAt, Position valueAt, @Nullable Object value) {
    entries.put(key, new Entry(keyAt, valueAt, value));
  }

  /** Where the mapping begins. */
  Position at() {
    return at;
  }

  /** Its name in messages, such as {@code nodes[1]}; empty for the file as a whole. */
  String path() {
    return path;
  }

  /** The name in messages of what a key of this mapping holds. */
  String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Whether the file has the key, with whatever value. */
  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Where the key stands, or the mapping that lacks it. */
  Position keyAt(String key) {
    Entry entry = entries.get(key);
    return entry == null ? at : entry.key();
  }

  /** Where the key's value stands, or the mapping that lacks it. */
  Position valueAt(String key) {
    Entry entry = entries.get(key);
    return entry == null ? at : entry.at();
  }

  /** The text or word; the standard one where the file has none. */
  Optional<String> text(String key) {
    return value(key, String.class);
  }

  /** The number; the standard one where the file has none. */
  Optional<Long> whole(String key) {
    return value(key, Long.class);
  }

  /** The flag; the standard one where the file has none, or has something else. */
  boolean flag(String key) {
    return value(key, Boolean.class)
        .or(() -> standard(key, Boolean.class))
        .orElseThrow(() -> new IllegalStateException(key + " has no standard value"));
  }

  Optional<Section> section(String key) {
    return value(key, Section.class);
  }

  /** The mapping, or one without any key, which has the standard values. */
  Section sectionOrEmpty(String key) {
    return section(key)
        .orElseGet(() -> new Section((Shape.Keys) key(key).shape(), child(key), keyAt(key)));
  }

  /** The list's mappings; those that are something else are left out. */
  List<Section> sections(String key) {
    return items(key, Section.class).stream().map(Located::value).toList();
  }

  /** The list's texts; those that are something else are left out. */
  List<Located<String>> texts(String key) {
    return items(key, String.class);
  }

  Map<String, Located<String>> options(String key) {
    return value(key, OptionValues.class).map(OptionValues::values).orElse(Map.of());
  }

  /** How many items the list has, those of the wrong shape too. */
  int size(String key) {
    return value(key, ItemValues.class).map(ItemValues::written).orElse(0);
  }

  private <T> List<Located<T>> items(String key, Class<T> type) {
    return value(key, ItemValues.class).map(ItemValues::values).orElse(List.of()).stream()
        .filter(item -> type.isInstance(item.value()))
        .map(item -> new Located<>(type.cast(item.value()), item.at()))
        .toList();
  }

  private <T> Optional<T> value(String key, Class<T> type) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return standard(key, type);
    }
    return type.isInstance(entry.value())
        ? Optional.of(type.cast(entry.value()))
        : Optional.empty();
  }

  private <T> Optional<T> standard(String key, Class<T> type) {
    return key(key).standard().filter(type::isInstance).map(type::cast);
  }

  private Shape.Key key(String name) {
    return shape
        .key(name)
        .orElseThrow(() -> new IllegalArgumentException("no key '" + name + "' in " + path));
  }
}
