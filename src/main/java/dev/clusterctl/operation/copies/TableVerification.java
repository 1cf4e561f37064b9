package dev.clusterctl.operation.copies;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.operation.copies.VerifyReport.TableResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Compares all tables of some copies, one after the other, part by part. */
final class TableVerification {
  private static final int NO_SUCH_TABLE = 1146;
  private static final int STRUCTURE_LOOKS = 3;

  /** So many differences of a table are told; it is clear by then that it must be copied anew. */
  private static final int DIFFERENCES = 100;

  private final Copy reference;
  private final List<Copy> others;
  private final Comparison comparison;
  private final VerifyOptions options;
  private final Progress progress;

  /** Told how far it is. */
  interface Progress {
    /**
     * @param estimate how many rows the table has, as the server guesses
     */
    void rows(TableName table, long compared, long estimate);
  }

  TableVerification(
      Copy reference,
      List<Copy> others,
      boolean othersWriteToo,
      VerifyOptions options,
      Progress progress) {
    this.reference = reference;
    this.others = List.copyOf(others);
    this.comparison = new Comparison(reference, others, othersWriteToo, options.patience());
    this.options = options;
    this.progress = progress;
  }

  List<TableResult> run() throws IOException, InterruptedException {
    Map<TableName, List<Difference>> structure = new LinkedHashMap<>();
    Map<TableName, TableShape> tables = structure(structure);
    List<TableResult> results = new ArrayList<>();
    structure.forEach(
        (table, differences) -> results.add(new TableResult(table, 0, 0, differences, List.of())));
    for (TableShape table : tables.values()) {
      if (!structure.containsKey(table.name())) {
        compare(table, results);
      }
    }
    return results;
  }

  /**
   * The reference's tables that are wanted.
   *
   * @param differences filled with those that aren't there, or not the same, on every node
   */
  private Map<TableName, TableShape> structure(Map<TableName, List<Difference>> differences)
      throws IOException {
    Map<TableName, TableShape> wanted = wanted(reference);
    for (int look = 0; look < STRUCTURE_LOOKS; look++) {
      differences.clear();
      GtidSet position = reference.executed();
      for (Copy other : others) {
        other.await(position, options.patience());
        compare(wanted, wanted(other), other.node(), differences);
      }
      Map<TableName, TableShape> after = wanted(reference);
      boolean still = descriptions(after).equals(descriptions(wanted));
      wanted = after;
      // Somebody makes or changes tables right now: what differed may have been that.
      if (differences.isEmpty() || still) {
        break;
      }
    }
    return wanted;
  }

  private Map<TableName, TableShape> wanted(Copy copy) throws MySqlException {
    Map<TableName, TableShape> tables = copy.tables();
    tables.keySet().removeIf(name -> !options.wants(name));
    return tables;
  }

  private static Map<TableName, List<String>> descriptions(Map<TableName, TableShape> tables) {
    Map<TableName, List<String>> result = new LinkedHashMap<>();
    tables.forEach((name, shape) -> result.put(name, shape.description()));
    return result;
  }

  private static void compare(
      Map<TableName, TableShape> here,
      Map<TableName, TableShape> there,
      String node,
      Map<TableName, List<Difference>> differences) {
    Set<TableName> all = new TreeSet<>(here.keySet());
    all.addAll(there.keySet());
    for (TableName name : all) {
      String what =
          difference(Optional.ofNullable(here.get(name)), Optional.ofNullable(there.get(name)));
      if (!what.isEmpty()) {
        differences
            .computeIfAbsent(name, n -> new ArrayList<>())
            .add(Difference.ofTable(node, what));
      }
    }
  }

  /** What is different in words; empty: nothing. */
  private static String difference(Optional<TableShape> here, Optional<TableShape> there) {
    if (there.isEmpty()) {
      return "the table is missing";
    }
    if (here.isEmpty()) {
      return "only there";
    }
    List<String> wanted = here.get().description();
    List<String> found = there.get().description();
    return wanted.equals(found) ? "" : columns(wanted, found);
  }

  private static String columns(List<String> here, List<String> there) {
    List<String> lost = here.stream().filter(c -> !there.contains(c)).toList();
    List<String> surplus = there.stream().filter(c -> !here.contains(c)).toList();
    return lost.isEmpty() && surplus.isEmpty()
        ? "its columns are in another order"
        : "its columns differ: %s instead of %s"
            .formatted(
                surplus.isEmpty() ? "nothing" : String.join(", ", surplus),
                lost.isEmpty() ? "nothing" : String.join(", ", lost));
  }

  private void compare(TableShape table, List<TableResult> results)
      throws IOException, InterruptedException {
    try {
      results.add(compare(table));
    } catch (MySqlException e) {
      if (e.unreachable()) {
        throw e;
      }
      if (e.code() == NO_SUCH_TABLE && !reference.tables().containsKey(table.name())) {
        return; // somebody dropped it meanwhile
      }
      results.add(
          new TableResult(table.name(), 0, 0, List.of(), List.of(String.valueOf(e.getMessage()))));
    }
  }

  private TableResult compare(TableShape table) throws IOException, InterruptedException {
    long rows = 0;
    long chunks = 0;
    List<Difference> differences = new ArrayList<>();
    List<String> undecided = new ArrayList<>();
    List<String> after = List.of();
    do {
      KeyRange range = reference.next(table, after, options.chunkSize());
      Comparison.Outcome outcome = comparison.compare(table, range);
      chunks++;
      if (outcome instanceof Comparison.Outcome.Compared compared) {
        rows += compared.rows();
        differences.addAll(compared.differences());
      } else if (outcome instanceof Comparison.Outcome.Undecided unknown) {
        undecided.add(range.words(table.key()) + ": " + unknown.why());
      }
      progress.rows(table.name(), rows, table.estimatedRows());
      after = range.upTo();
    } while (!after.isEmpty() && undecided.isEmpty() && differences.size() < DIFFERENCES);
    if (!after.isEmpty() && undecided.isEmpty()) {
      undecided.add("it has so many differences that the rest wasn't compared");
    }
    return new TableResult(table.name(), rows, chunks, differences, undecided);
  }
}
