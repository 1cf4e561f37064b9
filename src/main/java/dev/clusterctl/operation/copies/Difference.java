package dev.clusterctl.operation.copies;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a node's copy isn't what it should be.
 *
 * @param range the part of the table, in words
 * @param missing rows that the node lacks
 * @param extra rows that only the node has
 * @param changed rows that are there and differ
 * @param examples some of these rows, in words
 */
public record Difference(
    String node, String range, long missing, long extra, long changed, List<String> examples) {
  private static final int EXAMPLES = 5;

  public Difference {
    examples = List.copyOf(examples);
  }

  /** Of a table as a whole, such as one that isn't there. */
  static Difference ofTable(String node, String what) {
    return new Difference(node, what, 0, 0, 0, List.of());
  }

  /** Of rows: what they are by key on the reference and on the node. */
  static Difference ofRows(
      String node,
      TableShape table,
      KeyRange range,
      Map<List<String>, List<String>> reference,
      Map<List<String>, List<String>> there) {
    long missing = 0;
    long extra = 0;
    long changed = 0;
    Map<String, String> examples = new TreeMap<>();
    Map<List<String>, List<String>> all = new LinkedHashMap<>(there);
    all.putAll(reference);
    for (List<String> key : all.keySet()) {
      List<String> lost = new ArrayList<>(reference.getOrDefault(key, List.of()));
      List<String> surplus = new ArrayList<>(there.getOrDefault(key, List.of()));
      for (String digest : List.copyOf(surplus)) {
        if (lost.remove(digest)) {
          surplus.remove(digest);
        }
      }
      if (table.key().isEmpty() || lost.isEmpty() || surplus.isEmpty()) {
        missing += lost.size();
        extra += surplus.size();
      } else {
        changed++;
      }
      if (!table.key().isEmpty() && !(lost.isEmpty() && surplus.isEmpty())) {
        examples.put(
            KeyRange.shown(table.key(), key),
            lost.isEmpty() ? "only there" : surplus.isEmpty() ? "missing" : "differs");
      }
    }
    return new Difference(
        node,
        range.words(table.key()),
        missing,
        extra,
        changed,
        examples.entrySet().stream()
            .limit(EXAMPLES)
            .map(e -> e.getKey() + " " + e.getValue())
            .toList());
  }

  /** In a line. */
  String line() {
    List<String> counts = new ArrayList<>();
    if (missing > 0) {
      counts.add(missing + " missing");
    }
    if (extra > 0) {
      counts.add(extra + " only there");
    }
    if (changed > 0) {
      counts.add(changed + " different");
    }
    return node
        + ": "
        + range
        + (counts.isEmpty() ? "" : ": rows: " + String.join(", ", counts))
        + (examples.isEmpty() ? "" : " (" + String.join("; ", examples) + ")");
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", node);
    json.put("range", range);
    json.put("missing", missing);
    json.put("extra", extra);
    json.put("changed", changed);
    json.put("examples", examples);
    return json;
  }
}
