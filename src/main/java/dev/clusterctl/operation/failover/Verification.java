package dev.clusterctl.operation.failover;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What every node has of the rows that clients wrote, compared with what clients were told. Counts
 * of what is wrong are sums over the nodes.
 *
 * @param acknowledged rows whose commit clients saw acknowledged
 * @param refused rows that the server refused
 * @param inDoubt rows whose connection was lost before an answer came
 * @param inDoubtPresent those of them that are there (on the node that was read first)
 * @param rows how many rows each node has
 * @param lost acknowledged rows that a node hasn't
 * @param duplicated rows that a node has more than once
 * @param refusedPresent refused rows that a node has
 * @param unknown rows that nobody wrote
 * @param altered rows whose content isn't what was written
 * @param inDoubtDiffering rows in doubt that are on one node and not on another
 * @param copiesAgree whether all columns of all rows are the same on every node
 * @param examples of what is wrong, at most {@link Verifier#MOST_EXAMPLES}
 * @param notCompared nodes that weren't read, with the reason
 */
public record Verification(
    long acknowledged,
    long refused,
    long inDoubt,
    long inDoubtPresent,
    Map<String, Long> rows,
    long lost,
    long duplicated,
    long refusedPresent,
    long unknown,
    long altered,
    long inDoubtDiffering,
    boolean copiesAgree,
    List<String> examples,
    Map<String, String> notCompared) {
  public Verification {
    rows = new TreeMap<>(rows);
    examples = List.copyOf(examples);
    notCompared = new TreeMap<>(notCompared);
  }

  /** Whether each acknowledged row is on each node that was read, and what is there was written. */
  public boolean nothingLost() {
    return lost == 0 && altered == 0 && !rows.isEmpty();
  }

  /** Whether the nodes have the same rows, each once, and none that shouldn't be there. */
  public boolean consistent() {
    return copiesAgree
        && duplicated == 0
        && refusedPresent == 0
        && unknown == 0
        && inDoubtDiffering == 0;
  }
}
