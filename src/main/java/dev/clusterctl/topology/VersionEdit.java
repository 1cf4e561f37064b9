package dev.clusterctl.topology;

import java.nio.file.Path;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Puts another version of MySQL into the text of a cluster.yaml. Only the value of {@code
 * mysql.version} changes: comments, order and layout stay as the user wrote them.
 */
public final class VersionEdit {
  private VersionEdit() {}

  /**
   * The text with that version.
   *
   * @param text of a cluster.yaml without mistakes
   * @param version {@code 8.4.6}, or a series ({@code 8.4}): digits and dots only
   * @return empty where {@code mysql.version} isn't written out as one word (through a YAML merge,
   *     say): then only its author can change it
   * @throws IllegalArgumentException if the version has other characters
   */
  public static Optional<String> apply(String text, String version) {
    if (!version.matches("[0-9.]+")) {
      throw new IllegalArgumentException("not a version: " + version);
    }
    return YamlText.compose(text, new Problems(Path.of("cluster.yaml")))
        .flatMap(root -> value(root, "mysql"))
        .flatMap(mysql -> value(mysql, "version"))
        .filter(ScalarNode.class::isInstance)
        .flatMap(node -> replace(text, (ScalarNode) node, version));
  }

  private static Optional<String> replace(String text, ScalarNode node, String version) {
    // The marks count characters, not char values, and not the byte order mark.
    int skipped = !text.isEmpty() && text.charAt(0) == '\uFEFF' ? 1 : 0;
    int from = text.offsetByCodePoints(skipped, node.getStartMark().getIndex());
    int to = text.offsetByCodePoints(skipped, node.getEndMark().getIndex());
    String quote =
        switch (node.getScalarStyle()) {
          case SINGLE_QUOTED -> "'";
          case DOUBLE_QUOTED -> "\"";
          default -> "";
        };
    // An anchor or a tag before it, or a block of lines, is not for a program to rewrite.
    return text.substring(from, to).equals(quote + node.getValue() + quote)
        ? Optional.of(text.substring(0, from) + quote + version + quote + text.substring(to))
        : Optional.empty();
  }

  private static Optional<Node> value(Node node, String key) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
          return Optional.of(tuple.getValueNode());
        }
      }
    }
    return Optional.empty();
  }
}
