package dev.clusterctl.operation.failover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What clients felt of a change that was made under load.
 *
 * @param clients where clients connected
 * @param changeAt when the change began, counted from the beginning of the load
 * @param writes what writers felt
 * @param reads what readers felt
 * @param errors what clients were told
 * @param verification what the nodes have of what was written
 * @param missing transactions that one node has and another doesn't get, a sentence each
 */
public record ChangeReport(
    String clients,
    Duration changeAt,
    Traffic writes,
    Traffic reads,
    List<FailoverReport.Error> errors,
    Verification verification,
    List<String> missing) {
  public ChangeReport {
    errors = List.copyOf(errors);
    missing = List.copyOf(missing);
  }

  /** Whether every acknowledged row is on every node, and all of them have the same rows. */
  public boolean passed() {
    return verification.nothingLost() && verification.consistent() && missing.isEmpty();
  }

  /** For people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "clients at %s: %d writes and %d reads"
            .formatted(clients, writes.successes(), reads.successes()));
    lines.add(
        "longest time without a write: %s, of one connection %s; without a read: %s"
            .formatted(
                seconds(writes.longestGap().length()),
                seconds(writes.worstConnectionGap()),
                seconds(reads.longestGap().length())));
    for (FailoverReport.Error error : errors) {
      lines.add(
          "%d times, doing %s: %s (error %d)"
              .formatted(error.count(), error.doing(), error.message(), error.code()));
    }
    Verification v = verification;
    lines.add(
        "%d rows acknowledged, %d lost, %d altered; rows by node: %s"
            .formatted(v.acknowledged(), v.lost(), v.altered(), v.rows()));
    if (v.inDoubt() > 0) {
      lines.add(
          "%d rows in doubt (no answer came), of which %d are there"
              .formatted(v.inDoubt(), v.inDoubtPresent()));
    }
    lines.addAll(v.examples());
    lines.addAll(missing);
    lines.add(passed() ? "nothing was lost, and the copies agree" : "FAILED");
    return lines;
  }

  /** For programs: durations in milliseconds. */
  public Map<String, @Nullable Object> data() {
    return ReportJson.change(this);
  }

  private static String seconds(Duration d) {
    return String.format(Locale.ROOT, "%.2f s", d.toNanos() / 1e9);
  }
}
