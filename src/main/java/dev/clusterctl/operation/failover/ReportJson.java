package dev.clusterctl.operation.failover;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A report for programs: names in kebab case as in cluster.yaml, durations in milliseconds. */
final class ReportJson {
  private ReportJson() {}

  static String of(FailoverReport r) {
    try {
      return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(report(r));
    } catch (IOException e) {
      throw new UncheckedIOException("maps of text and numbers can be written", e);
    }
  }

  static Map<String, @Nullable Object> report(FailoverReport r) {
    FailoverOptions o = r.options();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("verdict", r.passed() ? "passed" : "failed");
    json.put("reasons", r.reasons());
    json.put("run", r.run());
    json.put("node", o.node().value());
    json.put("how", o.fault().how());
    json.put("clients", r.clients());
    json.put("writers", o.writers());
    json.put("readers", o.readers());
    json.put("writes-per-second", o.writesPerSecond());
    json.put("max-downtime", millis(o.maxDowntime()));
    json.put("fault-at", millis(r.faultAt()));
    json.put("first-error-after", millis(r.firstError()));
    json.put("recovered-after", millis(r.recovery()));
    json.put("returned-after", millis(r.returned()));
    json.put("writes", traffic(r.writes()));
    json.put("reads", traffic(r.reads()));
    json.put("errors", r.errors().stream().map(ReportJson::error).toList());
    json.put("data", verification(r.verification()));
    json.put(
        "timeline",
        r.timeline().stream().map(m -> map("at", millis(m.at()), "what", m.what())).toList());
    json.put(
        "checks",
        r.checks().stream()
            .map(c -> map("name", c.name(), "passed", c.passed(), "detail", c.detail()))
            .toList());
    json.put("notes", r.notes());
    return json;
  }

  static Map<String, @Nullable Object> change(ChangeReport r) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("verdict", r.passed() ? "passed" : "failed");
    json.put("clients", r.clients());
    json.put("change-at", millis(r.changeAt()));
    json.put("writes", traffic(r.writes()));
    json.put("reads", traffic(r.reads()));
    json.put("errors", r.errors().stream().map(ReportJson::error).toList());
    json.put("data", verification(r.verification()));
    json.put("missing", r.missing());
    return json;
  }

  private static Map<String, Object> traffic(Traffic t) {
    Map<String, Object> rates = new LinkedHashMap<>();
    Map<String, Object> nodes = new LinkedHashMap<>();
    for (Phase phase : Phase.values()) {
      String name = phase.name().toLowerCase(Locale.ROOT);
      rates.put(name, Math.round(t.perSecond().getOrDefault(phase, 0.0) * 10) / 10.0);
      nodes.put(name, new TreeMap<>(t.nodes().getOrDefault(phase, Map.of())));
    }
    return map(
        "successes",
        t.successes(),
        "longest-gap",
        span(t.longestGap()),
        "longest-gap-of-one-connection",
        millis(t.worstConnectionGap()),
        "connections",
        t.perConnection().stream().map(ReportJson::span).toList(),
        "reconnects",
        t.reconnects(),
        "failed-connects",
        t.failedConnects(),
        "per-second",
        rates,
        "nodes",
        nodes);
  }

  private static Map<String, Object> span(Traffic.Span s) {
    return map("length", millis(s.length()), "from", millis(s.from()), "to", millis(s.to()));
  }

  private static Map<String, Object> error(FailoverReport.Error e) {
    return map(
        "doing",
        e.doing(),
        "code",
        e.code(),
        "sql-state",
        e.sqlState(),
        "message",
        e.message(),
        "count",
        e.count(),
        "first",
        millis(e.first()),
        "last",
        millis(e.last()));
  }

  private static Map<String, Object> verification(Verification v) {
    return map(
        "acknowledged",
        v.acknowledged(),
        "refused",
        v.refused(),
        "in-doubt",
        v.inDoubt(),
        "in-doubt-present",
        v.inDoubtPresent(),
        "rows",
        v.rows(),
        "lost",
        v.lost(),
        "duplicated",
        v.duplicated(),
        "refused-present",
        v.refusedPresent(),
        "unknown",
        v.unknown(),
        "altered",
        v.altered(),
        "in-doubt-differing",
        v.inDoubtDiffering(),
        "copies-agree",
        v.copiesAgree(),
        "examples",
        v.examples(),
        "not-compared",
        v.notCompared());
  }

  private static long millis(Duration d) {
    return d.toMillis();
  }

  private static @Nullable Object millis(Optional<Duration> d) {
    return d.map(Duration::toMillis).orElse(null);
  }

  private static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    List<Object> items = List.of(namesAndValues);
    for (int i = 0; i < items.size(); i += 2) {
      map.put((String) items.get(i), items.get(i + 1));
    }
    return map;
  }
}
