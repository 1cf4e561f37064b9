package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.Shape.Key;
import dev.clusterctl.topology.Shape.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The reference's tables are those of {@link ClusterYaml}, and what the documents show as a whole
 * cluster.yaml is a valid one. Run with {@code -Dgolden.update=true} to have the tables written.
 */
class ClusterYamlReferenceTest {
  private static final Path REFERENCE = Path.of("docs/cluster-yaml.md");
  private static final Pattern TABLE =
      Pattern.compile("<!-- keys: ([a-z-]+) -->\n(.*?)<!-- end of keys -->\n", Pattern.DOTALL);
  private static final Pattern EXAMPLE =
      Pattern.compile("(?m)^```yaml\n(.*?)^```$", Pattern.DOTALL);

  @Test
  void theTablesAreThoseOfTheReader() throws IOException {
    Map<String, String> tables = new LinkedHashMap<>();
    collect("top-level", ClusterYaml.ROOT, tables);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(
          REFERENCE,
          TABLE
              .matcher(Files.readString(REFERENCE))
              .replaceAll(
                  found ->
                      Matcher.quoteReplacement(
                          "<!-- keys: %s -->\n%s<!-- end of keys -->\n"
                              .formatted(
                                  found.group(1), tables.getOrDefault(found.group(1), "")))));
    }
    Map<String, String> written =
        TABLE
            .matcher(Files.readString(REFERENCE))
            .results()
            .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
    assertThat(written).isEqualTo(tables);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/cluster-yaml.md",
        "docs/failover.md",
        "docs/operations.md",
        "docs/packages.md"
      })
  void wholeFilesThatTheDocumentsShowAreValid(String document) throws IOException {
    List<String> files =
        EXAMPLE
            .matcher(Files.readString(Path.of(document)))
            .results()
            .map(MatchResult::group)
            .filter(example -> example.contains("\nnodes:"))
            .map(example -> example.replace("```yaml\n", "").replace("```", ""))
            .toList();
    assertThat(files)
        .allSatisfy(
            file ->
                assertThat(TopologyReader.readText(file, Path.of(document)).problems()).isEmpty());
    if (document.equals("README.md") || document.equals("docs/cluster-yaml.md")) {
      assertThat(files).isNotEmpty();
    }
  }

  /** A table for a mapping and, after it, for each mapping in it. */
  private static void collect(String name, Keys keys, Map<String, String> tables) {
    StringBuilder table =
        new StringBuilder("| key | value | default | meaning |\n|---|---|---|---|\n");
    Map<String, Keys> inner = new LinkedHashMap<>();
    for (Key key : keys.keys()) {
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  key.name(), value(key.name(), key.shape(), inner), standard(key), meaning(key)));
    }
    String old = tables.put(name, table.toString());
    assertThat(old).as("two different mappings are called " + name).isIn(null, table.toString());
    inner.forEach((innerName, innerKeys) -> collect(innerName, innerKeys, tables));
  }

  private static String value(String name, Shape shape, Map<String, Keys> inner) {
    if (shape instanceof Shape.Word word) {
      return word.words().stream().map(w -> "`" + w + "`").collect(Collectors.joining(", "));
    } else if (shape instanceof Shape.Text text) {
      return "%s, such as `%s`".formatted(text.kind(), text.example().replace(" or ", "` or `"));
    } else if (shape instanceof Shape.Secret) {
      return "`${env:NAME}` or `${file:PATH}`";
    } else if (shape instanceof Shape.Whole whole) {
      return "%d to %d".formatted(whole.least(), whole.most());
    } else if (shape instanceof Shape.Flag) {
      return "`true` or `false`";
    } else if (shape instanceof Shape.Options) {
      return "mapping of option names to values";
    } else if (shape instanceof Shape.Items items) {
      return "list: " + value(name, items.item(), inner);
    } else if (shape instanceof Shape.Keys keys) {
      inner.put(name, keys);
      return "mapping, see [%1$s](#%1$s)".formatted(name);
    } else if (shape instanceof Shape.WordOrKeys both) {
      return value(name, both.word(), inner) + ", or a " + value(name, both.keys(), inner);
    }
    throw new IllegalArgumentException("no words for " + shape);
  }

  private static String standard(Key key) {
    return key.required() ? "required" : key.standard().map(v -> "`" + v + "`").orElse("–");
  }

  private static String meaning(Key key) {
    return key.description().replace("|", "\\|");
  }
}
