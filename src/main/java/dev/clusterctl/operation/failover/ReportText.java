package dev.clusterctl.operation.failover;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A report for people. */
final class ReportText {
  private final FailoverReport report;
  private final StringBuilder text = new StringBuilder();

  private ReportText(FailoverReport report) {
    this.report = report;
  }

  static String of(FailoverReport report) {
    return new ReportText(report).write();
  }

  private String write() {
    FailoverOptions o = report.options();
    line("Fail-over test: %s %s", o.node(), o.fault().description());
    line();
    row("clients", report.clients());
    row(
        "load",
        "%d writers, %d readers, each %d/s"
            .formatted(o.writers(), o.readers(), o.writesPerSecond()));
    line();
    line("What happened");
    report.timeline().forEach(m -> line("  %9s  %s", seconds(m.at()), m.what()));
    line();
    line("What clients felt");
    row(
        "first error",
        report.firstError().map(d -> seconds(d) + " after the fault").orElse("none"));
    row(
        "writing again",
        report
            .recovery()
            .map(d -> seconds(d) + " after the fault (end of the longest gap)")
            .orElse("never"));
    row(
        "node ONLINE again",
        report.returned().map(d -> seconds(d) + " after the fault").orElse("no"));
    line();
    line("  %-28s %10s %10s", "", "writes", "reads");
    numbers("longest gap, all clients", t -> seconds(t.longestGap().length()));
    numbers("longest gap, one client", t -> seconds(t.worstConnectionGap()));
    numbers("reconnects", t -> Integer.toString(t.reconnects()));
    numbers("failed connects", t -> Integer.toString(t.failedConnects()));
    for (Phase phase : Phase.values()) {
      numbers(
          "per second " + phase.name().toLowerCase(Locale.ROOT),
          t -> format("%.0f", t.perSecond().getOrDefault(phase, 0.0)));
    }
    line();
    nodes("writes", report.writes());
    nodes("reads", report.reads());
    errors();
    data();
    report.notes().forEach(n -> line("Note: %s", n));
    if (!report.notes().isEmpty()) {
      line();
    }
    report
        .checks()
        .forEach(c -> line("%s  %s: %s", c.passed() ? "ok    " : "FAILED", c.name(), c.detail()));
    line();
    line(report.passed() ? "PASSED" : "FAILED");
    return text.toString();
  }

  private void nodes(String what, Traffic traffic) {
    if (traffic.nodes().isEmpty()) {
      return;
    }
    line("  %s answered by", what);
    for (Phase phase : Phase.values()) {
      Map<String, Long> counts = traffic.nodes().getOrDefault(phase, Map.of());
      line(
          "    %-8s %s",
          phase.name().toLowerCase(Locale.ROOT),
          counts.isEmpty()
              ? "nobody"
              : counts.entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(e -> e.getKey() + " " + e.getValue())
                  .collect(Collectors.joining(", ")));
    }
  }

  private void errors() {
    line();
    if (report.errors().isEmpty()) {
      line("No client met an error");
    } else {
      line("Errors that clients met");
      line("  %6s  %-8s %6s  %9s  %9s  %s", "count", "doing", "code", "first", "last", "message");
      report
          .errors()
          .forEach(
              e ->
                  line(
                      "  %6d  %-8s %6d  %9s  %9s  %s",
                      e.count(),
                      e.doing(),
                      e.code(),
                      seconds(e.first()),
                      seconds(e.last()),
                      e.message()));
    }
  }

  private void data() {
    Verification v = report.verification();
    line();
    line("Was anything lost?");
    row("acknowledged rows", Long.toString(v.acknowledged()));
    row("refused rows", Long.toString(v.refused()));
    row("in doubt", "%d, of which %d are there".formatted(v.inDoubt(), v.inDoubtPresent()));
    v.rows().forEach((node, rows) -> row("rows on " + node, Long.toString(rows)));
    v.notCompared().forEach((node, why) -> row("not compared: " + node, why));
    row("lost", Long.toString(v.lost()));
    wrong("more than once", v.duplicated());
    wrong("refused, yet there", v.refusedPresent());
    wrong("never written", v.unknown());
    wrong("altered", v.altered());
    wrong("in doubt, differing", v.inDoubtDiffering());
    v.examples().forEach(e -> line("    %s", e));
    line();
  }

  private void wrong(String what, long count) {
    if (count > 0) {
      row(what, Long.toString(count));
    }
  }

  private void numbers(String what, Function<Traffic, String> value) {
    line(
        "  %-28s %10s %10s",
        what,
        value.apply(report.writes()),
        report.options().readers() == 0 ? "-" : value.apply(report.reads()));
  }

  private void row(String name, String value) {
    line("  %-20s %s", name, value);
  }

  private void line() {
    text.append('\n');
  }

  private void line(String format, Object... values) {
    text.append(format(format, values).stripTrailing()).append('\n');
  }

  /** Seconds with two decimals: what is measured over a network isn't more exact. */
  private static String seconds(Duration d) {
    return format("%.2f s", d.toNanos() / 1e9);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
