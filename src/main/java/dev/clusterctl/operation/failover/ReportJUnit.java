package dev.clusterctl.operation.failover;

import dev.clusterctl.operation.JUnitXml;
import java.time.Duration;

/** A report as CI servers read it: a test case for each check. */
final class ReportJUnit {
  private ReportJUnit() {}

  static String of(FailoverReport report) {
    return JUnitXml.of(
        "failover-test %s --how %s"
            .formatted(report.options().node(), report.options().fault().how()),
        end(report),
        report.checks().stream()
            .map(
                check ->
                    new JUnitXml.Case(
                        check.name(),
                        check.passed(),
                        check.detail(),
                        report.verification().examples()))
            .toList(),
        report.text());
  }

  private static Duration end(FailoverReport report) {
    return report.timeline().stream()
        .map(FailoverReport.Moment::at)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
