package dev.clusterctl.operation.copies;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the nodes' copies are the same.
 *
 * @param reference the node that the others were compared with: it takes writes
 * @param compared the other nodes that were compared
 * @param tables one for each table
 * @param guards one for each node that should refuse writes
 * @param problems what else is wrong: nodes that couldn't be compared
 */
public record VerifyReport(
    String reference,
    List<String> compared,
    List<TableResult> tables,
    List<Guard> guards,
    List<String> problems,
    Duration took) {
  public VerifyReport {
    compared = List.copyOf(compared);
    tables = List.copyOf(tables);
    guards = List.copyOf(guards);
    problems = List.copyOf(problems);
  }

  /**
   * What was found out about a table.
   *
   * @param rows on the reference
   * @param chunks in how many parts it was compared
   * @param undecided what couldn't be found out, and why
   */
  public record TableResult(
      TableName table,
      long rows,
      long chunks,
      List<Difference> differences,
      List<String> undecided) {
    public TableResult {
      differences = List.copyOf(differences);
      undecided = List.copyOf(undecided);
    }

    boolean good() {
      return differences.isEmpty() && undecided.isEmpty();
    }
  }

  /**
   * Whether a node that should refuse writes does.
   *
   * @param seen what it answered
   */
  public record Guard(String node, boolean refuses, String seen) {}

  /** Whether all copies are the same, everything could be compared, and writes are refused. */
  public boolean passed() {
    return problems.isEmpty()
        && tables.stream().allMatch(TableResult::good)
        && guards.stream().allMatch(Guard::refuses);
  }

  /** For people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (TableResult table : tables) {
      for (Difference difference : table.differences()) {
        lines.add("✗ %s differs on %s".formatted(table.table(), difference.line()));
      }
      for (String why : table.undecided()) {
        lines.add("? %s couldn't be compared: %s".formatted(table.table(), why));
      }
    }
    for (Guard guard : guards) {
      if (!guard.refuses()) {
        lines.add("✗ %s should refuse writes: %s".formatted(guard.node(), guard.seen()));
      }
    }
    problems.forEach(problem -> lines.add("✗ " + problem));
    long rows = tables.stream().mapToLong(TableResult::rows).sum();
    lines.add(
        "%s: %d tables with %d rows of %s compared with %s in %.1f s"
            .formatted(
                passed() ? "the copies are the same" : "not everything is as it should be",
                tables.size(),
                rows,
                reference,
                compared.isEmpty() ? "nobody" : String.join(", ", compared),
                took.toMillis() / 1000.0));
    if (!guards.isEmpty() && guards.stream().allMatch(Guard::refuses)) {
      lines.add(
          "refuse writes, as they should: "
              + String.join(", ", guards.stream().map(Guard::node).toList()));
    }
    return lines;
  }

  /** For programs. */
  public Map<String, Object> data() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("passed", passed());
    json.put("reference", reference);
    json.put("compared", compared);
    json.put("tables", tables.stream().map(VerifyReport::json).toList());
    json.put(
        "refusals",
        guards.stream()
            .map(g -> Map.of("node", g.node(), "refuses", g.refuses(), "seen", g.seen()))
            .toList());
    json.put("problems", problems);
    json.put("tookMillis", took.toMillis());
    return json;
  }

  private static Map<String, Object> json(TableResult table) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", table.table().schema());
    json.put("table", table.table().table());
    json.put("rows", table.rows());
    json.put("chunks", table.chunks());
    json.put("differences", table.differences().stream().map(Difference::json).toList());
    json.put("undecided", table.undecided());
    return json;
  }
}
