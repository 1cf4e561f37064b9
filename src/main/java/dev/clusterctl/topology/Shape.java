package dev.clusterctl.topology;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a value in cluster.yaml may be. One description ({@link ClusterYaml}) serves the reader and
 * the JSON Schema, so that they can't disagree.
 */
sealed interface Shape {

  /** One of some words. */
  record Word(List<String> words) implements Shape {}

  /**
   * A text.
   *
   * @param pattern matches the whole text; it must mean the same in Java and in ECMAScript
   * @param kind what the text is, for messages: {@code an IPv4 address}
   * @param example a text that would be right
   * @param numeric whether a text that YAML takes for a number is taken as it is written: {@code
   *     5.70} is not {@code 5.7}
   */
  record Text(Pattern pattern, String kind, String example, boolean numeric) implements Shape {}

  /** A password or a reference to one; its text never appears in a message. */
  record Secret() implements Shape {}

  /** A whole number in a range, both ends included. */
  record Whole(long least, long most) implements Shape {}

  /** {@code true} or {@code false}. */
  record Flag() implements Shape {}

  /** A list of at least one item. */
  record Items(Shape item) implements Shape {}

  /** A mapping whose keys are known. */
  record Keys(List<Key> keys) implements Shape {
    Optional<Key> key(String name) {
      return keys.stream().filter(k -> k.name().equals(name)).findFirst();
    }

    List<String> names() {
      return keys.stream().map(Key::name).toList();
    }
  }

  /** A mapping from the names of MySQL's options to scalars. */
  record Options() implements Shape {}

  /** A word or, where more is to be said, a mapping. */
  record WordOrKeys(Word word, Keys keys) implements Shape {}

  /**
   * A key of a mapping.
   *
   * @param standard the value where the file has none: a String, Long or Boolean; empty where there
   *     is no such value or it depends on other keys
   * @param description one sentence without a full stop, for the JSON Schema and for advice
   */
  record Key(
      String name, Shape shape, boolean required, Optional<Object> standard, String description) {

    static Key required(String name, Shape shape, String description) {
      return new Key(name, shape, true, Optional.empty(), description);
    }

    static Key optional(String name, Shape shape, String description) {
      return new Key(name, shape, false, Optional.empty(), description);
    }

    static Key standard(String name, Shape shape, Object value, String description) {
      return new Key(name, shape, false, Optional.of(value), description);
    }
  }
}
