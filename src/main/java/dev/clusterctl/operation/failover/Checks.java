package dev.clusterctl.operation.failover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What has to be true after a fail-over test. */
final class Checks {
  private Checks() {}

  /**
   * @param returned from the fault until the node was ONLINE; empty: it wasn't
   * @param lastSeen what was seen of the node last, where it wasn't
   * @param notApplied transactions that one node has and another doesn't get
   * @param hasChange whether the change made meanwhile is on the node
   */
  static List<FailoverReport.Check> of(
      FailoverOptions options,
      Traffic writes,
      Verification v,
      Optional<Duration> returned,
      String lastSeen,
      List<String> notApplied,
      boolean hasChange) {
    List<FailoverReport.Check> checks = new ArrayList<>();
    checks.add(
        new FailoverReport.Check(
            "no acknowledged write was lost",
            v.nothingLost(),
            "%d acknowledged, %d lost, %d altered"
                .formatted(v.acknowledged(), v.lost(), v.altered())));
    checks.add(
        new FailoverReport.Check(
            "the node returned",
            returned.isPresent(),
            returned
                .map(d -> "ONLINE %d ms after the fault".formatted(d.toMillis()))
                .orElse(
                    "not ONLINE within %d s of its healing: %s"
                        .formatted(options.returnWithin().toSeconds(), lastSeen))));
    checks.add(
        new FailoverReport.Check(
            "the change made meanwhile is on the node",
            hasChange,
            hasChange ? "a row and a database" : "the row or the database is missing"));
    checks.add(
        new FailoverReport.Check(
            "the copies agree", v.consistent() && notApplied.isEmpty(), agreement(v, notApplied)));
    long gap = writes.longestGap().length().toMillis();
    options
        .maxDowntime()
        .ifPresent(
            limit ->
                checks.add(
                    new FailoverReport.Check(
                        "longest gap within --max-downtime",
                        writes.longestGap().length().compareTo(limit) <= 0,
                        "%d ms without an acknowledged write, %d ms allowed"
                            .formatted(gap, limit.toMillis()))));
    return checks;
  }

  private static String agreement(Verification v, List<String> notApplied) {
    if (v.consistent() && notApplied.isEmpty()) {
      return "the same rows on " + String.join(", ", v.rows().keySet());
    }
    List<String> what = new ArrayList<>(notApplied);
    say(what, v.duplicated(), "rows more than once");
    say(what, v.refusedPresent(), "refused rows there");
    say(what, v.unknown(), "rows nobody wrote");
    say(what, v.inDoubtDiffering(), "rows in doubt not the same everywhere");
    if (!v.copiesAgree()) {
      what.add("the contents differ: rows " + v.rows());
    }
    return String.join("; ", what);
  }

  private static void say(List<String> what, long count, String text) {
    if (count > 0) {
      what.add(count + " " + text);
    }
  }
}
