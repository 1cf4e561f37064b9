package dev.clusterctl.topology;

import dev.clusterctl.topology.Section.ItemValues;
import dev.clusterctl.topology.Section.OptionValues;
import dev.clusterctl.topology.Shape.Key;
import dev.clusterctl.topology.Shape.Keys;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Checks YAML nodes against a shape and turns them into values. Where a value is wrong the problem
 * is reported and reading goes on beside it. Recursion follows the shape, not the nodes, so an
 * anchor that contains itself ends it like any other value of the wrong shape.
 */
final class ShapeReader {
  private static final Pattern WHOLE = Pattern.compile("0|-?[1-9][0-9]{0,17}");

  private final Problems problems;
  // Each mapping is flattened and searched for duplicate keys once, however many aliases it has:
  // merges that fan out would otherwise cost exponential time.
  private final Map<MappingNode, Map<String, NodeTuple>> flattened = new IdentityHashMap<>();

  ShapeReader(Problems problems) {
    this.problems = problems;
  }

  /** The document as a mapping of these keys; empty where it isn't a mapping at all. */
  Optional<Section> read(Node document, Keys shape) {
    return Optional.ofNullable(keys("", document, shape));
  }

  private @Nullable Object value(String path, Node node, Shape shape) {
    if (hasForeignTag(node)) {
      problems.error(
          Position.of(node),
          "%s has the tag %s".formatted(path, Wording.quote(node.getTag().getValue())),
          "remove the tag: plain YAML is all that is needed");
      return null;
    }
    if (node.getTag().equals(Tag.NULL)) {
      problems.error(Position.of(node), path + " has no value", "give it one, or remove the key");
      return null;
    }
    if (shape instanceof Shape.Word word) {
      return word(path, node, word);
    }
    if (shape instanceof Shape.Text text) {
      return text(path, node, text);
    }
    if (shape instanceof Shape.Secret) {
      return secret(path, node);
    }
    if (shape instanceof Shape.Whole whole) {
      return whole(path, node, whole);
    }
    if (shape instanceof Shape.Flag) {
      return flag(path, node);
    }
    if (shape instanceof Shape.Items items) {
      return items(path, node, items);
    }
    if (shape instanceof Keys keys) {
      return keys(path, node, keys);
    }
    if (shape instanceof Shape.Options) {
      return options(path, node);
    }
    if (shape instanceof Shape.WordOrKeys both) {
      return node instanceof MappingNode
          ? keys(path, node, both.keys())
          : word(path, node, both.word());
    }
    throw new IllegalArgumentException("no reader for " + shape);
  }

  private @Nullable String word(String path, Node node, Shape.Word shape) {
    if (!(node instanceof ScalarNode scalar)) {
      wrongKind(path, node, "one of " + String.join(", ", shape.words()));
      return null;
    }
    if (!shape.words().contains(scalar.getValue())) {
      problems.error(
          Position.of(node),
          "%s can't be %s".formatted(path, Wording.quote(scalar.getValue())),
          Wording.didYouMean(scalar.getValue(), shape.words()));
      return null;
    }
    return scalar.getValue();
  }

  private @Nullable String text(String path, Node node, Shape.Text shape) {
    if (!(node instanceof ScalarNode scalar)) {
      wrongKind(path, node, shape.kind());
      return null;
    }
    if (!shape.pattern().matcher(scalar.getValue()).matches()) {
      problems.error(
          Position.of(node),
          "%s must be %s, not %s".formatted(path, shape.kind(), Wording.quote(scalar.getValue())),
          "for example " + shape.example());
      return null;
    }
    boolean number = node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
    if (!node.getTag().equals(Tag.STR) && !(number && shape.numeric())) {
      problems.error(
          Position.of(node),
          "%s must be text, and YAML takes %s for something else"
              .formatted(path, Wording.quote(scalar.getValue())),
          "put quotes around it");
      return null;
    }
    return scalar.getValue();
  }

  private @Nullable String secret(String path, Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      wrongKind(path, node, "text");
      return null;
    }
    if (!node.getTag().equals(Tag.STR)) {
      problems.error(
          Position.of(node),
          path + " must be text, and YAML takes it for something else",
          "put quotes around it");
      return null;
    }
    if (scalar.getValue().isEmpty()
        || scalar.getValue().chars().anyMatch(Character::isISOControl)) {
      problems.error(
          Position.of(node),
          path + " is empty or has control characters in it",
          "write ${env:NAME} or ${file:PATH}, or leave it out: clusterctl makes a good one");
      return null;
    }
    return scalar.getValue();
  }

  private @Nullable Long whole(String path, Node node, Shape.Whole shape) {
    String wanted = "a whole number from %d to %d".formatted(shape.least(), shape.most());
    if (!(node instanceof ScalarNode scalar)) {
      wrongKind(path, node, wanted);
      return null;
    }
    boolean quoted = node.getTag().equals(Tag.STR);
    // YAML 1.1 reads 010 as eight and 1_0 as ten: only what everybody reads alike is taken.
    if (!quoted && WHOLE.matcher(scalar.getValue()).matches()) {
      long number = Long.parseLong(scalar.getValue());
      if (number >= shape.least() && number <= shape.most()) {
        return number;
      }
    }
    problems.error(
        Position.of(node),
        "%s must be %s, not %s".formatted(path, wanted, Wording.quote(scalar.getValue())),
        quoted && WHOLE.matcher(scalar.getValue()).matches()
            ? "remove the quotes"
            : "write decimal digits only, no unit and no zero in front");
    return null;
  }

  private @Nullable Boolean flag(String path, Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      wrongKind(path, node, "true or false");
      return null;
    }
    if (node.getTag().equals(Tag.BOOL)) {
      // yes, no, on and off are booleans in YAML 1.1 and texts in 1.2: editors would disagree.
      switch (scalar.getValue()) {
        case "true" -> {
          return true;
        }
        case "false" -> {
          return false;
        }
        default -> {}
      }
    }
    problems.error(
        Position.of(node),
        "%s must be true or false, not %s".formatted(path, Wording.quote(scalar.getValue())),
        "without quotes, in lower case");
    return null;
  }

  private @Nullable ItemValues items(String path, Node node, Shape.Items shape) {
    if (!(node instanceof SequenceNode sequence)) {
      wrongKind(path, node, "a list");
      return null;
    }
    if (sequence.getValue().isEmpty()) {
      problems.error(
          Position.of(node), path + " is an empty list", "give it an item, or remove the key");
      return null;
    }
    List<Located<Object>> items = new ArrayList<>();
    int index = 0;
    for (Node item : sequence.getValue()) {
      Object value = value("%s[%d]".formatted(path, index++), item, shape.item());
      if (value != null) {
        items.add(new Located<>(value, Position.of(item)));
      }
    }
    return new ItemValues(items, index);
  }

  private @Nullable Section keys(String path, Node node, Keys shape) {
    if (!(node instanceof MappingNode mapping)) {
      wrongKind(path, node, "a mapping with the keys " + String.join(", ", shape.names()));
      return null;
    }
    Section section = new Section(shape, path, Position.of(node));
    flatten(mapping).forEach((name, entry) -> read(section, name, entry, shape));
    for (Key key : shape.keys()) {
      if (key.required() && !section.has(key.name())) {
        problems.error(
            Position.of(node),
            "%s has no '%s'".formatted(path.isEmpty() ? "the file" : path, key.name()),
            "add '%s': %s".formatted(key.name(), key.description()));
      }
    }
    return section;
  }

  private void read(Section section, String name, NodeTuple entry, Keys shape) {
    Position at = Position.of(entry.getKeyNode());
    boolean root = section.path().isEmpty();
    Optional<Key> key = shape.key(name);
    if (key.isPresent()) {
      Object value = value(section.child(name), entry.getValueNode(), key.orElseThrow().shape());
      section.put(name, at, Position.of(entry.getValueNode()), value);
    } else if (!root || !name.startsWith(ClusterYaml.EXTENSION_PREFIX)) {
      problems.error(
          at,
          "unknown key %s%s".formatted(Wording.quote(name), root ? "" : " in " + section.path()),
          Wording.didYouMean(name, shape.names()));
    }
  }

  private @Nullable OptionValues options(String path, Node node) {
    if (!(node instanceof MappingNode mapping)) {
      wrongKind(path, node, "a mapping from MySQL options to values");
      return null;
    }
    Map<String, Located<String>> values = new LinkedHashMap<>();
    flatten(mapping)
        .forEach(
            (name, entry) -> {
              Position at = Position.of(entry.getKeyNode());
              String normal = name.replace('-', '_');
              Optional<String> value = optionValue(path + "." + name, entry.getValueNode());
              if (!ClusterYaml.OPTION_NAME.matcher(name).matches()) {
                problems.error(
                    at,
                    "%s in %s is not the name of an option".formatted(Wording.quote(name), path),
                    "lower-case letters, digits, hyphens, underscores and dots, a letter first");
              } else if (values.containsKey(normal)) {
                problems.error(
                    at,
                    "option %s in %s is there already".formatted(Wording.quote(name), path),
                    "hyphens and underscores are the same in an option; remove one of the two");
              } else {
                value.ifPresent(text -> values.put(normal, new Located<>(text, at)));
              }
            });
    return new OptionValues(values);
  }

  private Optional<String> optionValue(String path, Node node) {
    if (!(node instanceof ScalarNode scalar) || hasForeignTag(node)) {
      wrongKind(path, node, "text, a number or a boolean");
      return Optional.empty();
    }
    if (node.getTag().equals(Tag.NULL)) {
      problems.error(
          Position.of(node), path + " has no value", "write ON where the option is a switch");
      return Optional.empty();
    }
    if (scalar.getValue().codePoints().anyMatch(Character::isISOControl)) {
      problems.error(
          Position.of(node),
          path + " has a line break or control character in its value",
          "an option is one line of my.cnf");
      return Optional.empty();
    }
    return Optional.of(scalar.getValue());
  }

  /** The entries of a mapping by key, those that it merges ({@code <<}) after its own. */
  private Map<String, NodeTuple> flatten(MappingNode mapping) {
    Map<String, NodeTuple> known = flattened.get(mapping);
    if (known != null) {
      return known;
    }
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    flattened.put(mapping, entries);
    List<Node> merged = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Position at = Position.of(tuple.getKeyNode());
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merged.add(tuple.getValueNode());
      } else if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.error(at, "a key must be a word", "see `clusterctl schema` for the keys");
      } else {
        NodeTuple first = entries.putIfAbsent(key.getValue(), tuple);
        if (first != null) {
          problems.error(
              at,
              "key %s is there already in line %d"
                  .formatted(Wording.quote(key.getValue()), Position.of(first.getKeyNode()).line()),
              "remove one of the two");
        }
      }
    }
    merged.forEach(node -> merge(node, entries));
    return entries;
  }

  private void merge(Node node, Map<String, NodeTuple> entries) {
    if (node instanceof MappingNode mapping) {
      // A mapping that merges itself is still being filled here: a copy keeps that harmless.
      new LinkedHashMap<>(flatten(mapping)).forEach(entries::putIfAbsent);
    } else if (node instanceof SequenceNode sequence
        && sequence.getValue().stream().allMatch(MappingNode.class::isInstance)) {
      sequence.getValue().forEach(item -> merge(item, entries));
    } else {
      problems.error(
          Position.of(node),
          "'<<' merges " + kindOf(node),
          "name the anchor of a mapping, such as '<<: *defaults'");
    }
  }

  private void wrongKind(String path, Node node, String wanted) {
    problems.error(
        Position.of(node),
        "%s must be %s, not %s".formatted(path.isEmpty() ? "the file" : path, wanted, kindOf(node)),
        "");
  }

  private static String kindOf(Node node) {
    if (node instanceof MappingNode) {
      return "a mapping";
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    return node.getTag().equals(Tag.NULL) ? "nothing" : "a single value";
  }

  private static boolean hasForeignTag(Node node) {
    Tag tag = node.getTag();
    if (node instanceof MappingNode) {
      return !tag.equals(Tag.MAP);
    }
    if (node instanceof SequenceNode) {
      return !tag.equals(Tag.SEQ);
    }
    return !List.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE)
        .contains(tag);
  }
}
