package dev.clusterctl.cli;

import dev.clusterctl.operation.failover.ChangeReport;
import dev.clusterctl.operation.roles.RoleChange;
import dev.clusterctl.output.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a change of roles went, as text and as JSON. What happened was told as it happened. */
final class RoleChangeView {
  private RoleChangeView() {}

  /**
   * @param command whose result it is
   * @param felt what clients felt, where there was a load
   * @return the exit code
   */
  static ExitCode show(
      Session session, String command, RoleChange change, Optional<ChangeReport> felt) {
    Map<String, Object> json = new LinkedHashMap<>(change.json());
    felt.ifPresent(report -> json.put("under-load", report.data()));
    session.output().result(command, json, () -> lines(session.output().style(), change, felt));
    boolean good = change.complete() && felt.map(ChangeReport::passed).orElse(true);
    return good ? ExitCode.OK : ExitCode.UNHEALTHY;
  }

  /** What a dry run found. */
  static void plan(Session session, String command, List<String> moves) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dry-run", true);
    json.put("moves", moves);
    session
        .output()
        .result(
            command,
            json,
            () -> {
              List<String> lines = new ArrayList<>(List.of("would do, and changes nothing now:"));
              moves.forEach(m -> lines.add("  " + m));
              return lines;
            });
  }

  private static List<String> lines(Style style, RoleChange change, Optional<ChangeReport> felt) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        style.strong(change.source().value())
            + " takes writes"
            + change.before().map(b -> ", " + b + " did before").orElse(""));
    change
        .withoutWrites()
        .ifPresent(d -> lines.add("nobody took writes for %d ms".formatted(d.toMillis())));
    felt.ifPresent(report -> lines.addAll(report.lines()));
    change.open().forEach(o -> lines.add(style.cross() + " " + o));
    return lines;
  }
}
