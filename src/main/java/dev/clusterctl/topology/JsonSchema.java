package dev.clusterctl.topology;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON Schema of cluster.yaml, for editors: completion, descriptions, and mistakes of shape
 * while typing. Rules between values are {@link TopologyReader}'s alone.
 */
public final class JsonSchema {
  private JsonSchema() {}

  /** The schema (draft 2020-12), indented. */
  public static String text() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "cluster.yaml of clusterctl");
    schema.putAll(schema(ClusterYaml.ROOT));
    schema.put("patternProperties", Map.of("^" + ClusterYaml.EXTENSION_PREFIX, true));
    try {
      return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(schema) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> schema(Shape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    if (shape instanceof Shape.Word word) {
      schema.put("type", "string");
      schema.put("enum", word.words());
    } else if (shape instanceof Shape.Text text) {
      // A version such as 9.7 is a number to YAML, and no pattern applies to numbers.
      schema.put("type", text.numeric() ? List.of("string", "number") : "string");
      schema.put("pattern", "^(" + text.pattern() + ")$");
      schema.put("examples", List.of(text.example()));
    } else if (shape instanceof Shape.Secret) {
      schema.put("type", "string");
      schema.put("minLength", 1);
    } else if (shape instanceof Shape.Whole whole) {
      schema.put("type", "integer");
      schema.put("minimum", whole.least());
      schema.put("maximum", whole.most());
    } else if (shape instanceof Shape.Flag) {
      schema.put("type", "boolean");
    } else if (shape instanceof Shape.Items items) {
      schema.put("type", "array");
      schema.put("minItems", 1);
      schema.put("items", schema(items.item()));
    } else if (shape instanceof Shape.Keys keys) {
      keys(schema, keys);
    } else if (shape instanceof Shape.Options) {
      schema.put("type", "object");
      schema.put("propertyNames", Map.of("pattern", "^(" + ClusterYaml.OPTION_NAME + ")$"));
      schema.put("additionalProperties", Map.of("type", List.of("string", "number", "boolean")));
    } else if (shape instanceof Shape.WordOrKeys both) {
      schema.put("oneOf", List.of(schema(both.word()), schema(both.keys())));
    } else {
      throw new IllegalArgumentException("no schema for " + shape);
    }
    return schema;
  }

  private static void keys(Map<String, Object> schema, Shape.Keys keys) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (Shape.Key key : keys.keys()) {
      Map<String, Object> property = schema(key.shape());
      property.put("description", key.description());
      key.standard().ifPresent(value -> property.put("default", value));
      properties.put(key.name(), property);
      if (key.required()) {
        required.add(key.name());
      }
    }
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
  }
}
