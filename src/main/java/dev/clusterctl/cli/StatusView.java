package dev.clusterctl.cli;

import dev.clusterctl.mysql.ReplicaDiagnosis;
import dev.clusterctl.operation.ClientView;
import dev.clusterctl.operation.Status;
import dev.clusterctl.output.Output;
import dev.clusterctl.output.Style;
import dev.clusterctl.output.Table;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A status as text and as JSON. */
final class StatusView {
  private StatusView() {}

  /**
   * @param stamped whether the time is shown above it, as for one look of many
   */
  static void show(Output output, Status.Snapshot status, boolean stamped) {
    output.result("status", json(status), () -> lines(output.style(), status, stamped));
  }

  private static List<String> lines(Style style, Status.Snapshot status, boolean stamped) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s (%s)%s"
            .formatted(
                style.strong(status.cluster()),
                status.replication(),
                stamped ? "  " + LocalTime.now().truncatedTo(ChronoUnit.SECONDS) : ""));
    lines.add("");
    Table nodes =
        new Table("NODE", "ADDRESS", "MYSQL", "STATE", "ROLE", "WRITES", "TRANSACTIONS", "QUEUE");
    for (Status.NodeStatus node : status.nodes()) {
      boolean known = node.state().isPresent();
      String state = node.state().orElse(node.machine().name().toLowerCase(Locale.ROOT));
      nodes.row(
          node.name().value(),
          node.address(),
          node.version().orElse("-"),
          node.healthy() ? style.good(state) : style.bad(state),
          node.role().orElse("-"),
          known ? (node.writable() ? "yes" : "no") : "-",
          known ? String.valueOf(node.transactions()) : "-",
          known ? queue(node) : "-");
    }
    lines.addAll(nodes.lines(style));
    status
        .proxies()
        .forEach(
            proxy -> {
              lines.add("");
              Table table = new Table("PROXY", "ADDRESS", "TYPE", "SERVICE", "PORTS");
              table.row(
                  proxy.name().value(),
                  proxy.address(),
                  proxy.type(),
                  proxy.healthy() ? style.good(proxy.service()) : style.bad(proxy.service()),
                  String.join(", ", proxy.ports()));
              lines.addAll(table.lines(style));
              proxy.detail().forEach(d -> lines.add("  " + d));
              proxy.problem().ifPresent(p -> lines.add("  " + style.bad(p)));
            });
    if (!status.problems().isEmpty()) {
      lines.add("");
      status.problems().forEach(p -> lines.add(style.cross() + " " + p));
    }
    return lines;
  }

  /** What clients see through a proxy. */
  static void show(Output output, ClientView.View view) {
    output.result("via", json(view), () -> lines(output.style(), view));
  }

  private static List<String> lines(Style style, ClientView.View view) {
    Table table =
        new Table("VIA " + view.proxy(), "FOR", "ANSWERED BY", "ROLE", "READ-ONLY", "MYSQL");
    for (ClientView.Seen seen : view.seen()) {
      table.row(
          String.valueOf(seen.port()),
          switch (seen.purpose()) {
            case WRITES -> "writes";
            case READS -> "reads";
            case BOTH -> "reads and writes";
          },
          seen.server(),
          seen.role().orElse("-"),
          seen.readOnly() ? "yes" : "no",
          seen.version());
    }
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(table.lines(style));
    view.problems().forEach(p -> lines.add(style.cross() + " " + p));
    return lines;
  }

  private static Map<String, Object> json(ClientView.View view) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("proxy", view.proxy().value());
    json.put("healthy", view.healthy());
    json.put(
        "answers",
        view.seen().stream()
            .map(
                s ->
                    Map.of(
                        "port", s.port(),
                        "for", s.purpose().name().toLowerCase(Locale.ROOT),
                        "server", s.server(),
                        "role", s.role().orElse(""),
                        "readOnly", s.readOnly(),
                        "version", s.version()))
            .toList());
    json.put("problems", view.problems());
    return json;
  }

  private static String queue(Status.NodeStatus node) {
    return node.queue()
        + node.lagSeconds().filter(s -> s > 0).map(s -> " (%d s)".formatted(s)).orElse("");
  }

  private static Map<String, Object> json(Status.Snapshot status) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("cluster", status.cluster());
    json.put("replication", status.replication());
    json.put("healthy", status.healthy());
    json.put("nodes", status.nodes().stream().map(StatusView::json).toList());
    status.proxies().stream().findFirst().ifPresent(p -> json.put("proxy", json(p)));
    if (status.proxies().size() > 1) {
      json.put("moreProxies", status.proxies().stream().skip(1).map(StatusView::json).toList());
    }
    json.put("problems", status.problems());
    json.put("diagnosis", status.diagnoses().stream().map(StatusView::json).toList());
    return json;
  }

  private static Map<String, Object> json(ReplicaDiagnosis diagnosis) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", diagnosis.node().value());
    json.put("code", diagnosis.code());
    json.put("text", diagnosis.text());
    json.put("repair", diagnosis.repair());
    return json;
  }

  private static Map<String, Object> json(Status.NodeStatus node) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", node.name().value());
    json.put("address", node.address());
    json.put("machine", node.machine().name());
    node.state().ifPresent(s -> json.put("state", s));
    node.role().ifPresent(r -> json.put("role", r));
    json.put("writable", node.writable());
    node.version().ifPresent(v -> json.put("version", v));
    json.put("transactions", node.transactions());
    json.put("queue", node.queue());
    node.lagSeconds().ifPresent(s -> json.put("lagSeconds", s));
    json.put("healthy", node.healthy());
    node.problem().ifPresent(p -> json.put("problem", p));
    return json;
  }

  private static Map<String, Object> json(Status.ProxyStatus proxy) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", proxy.name().value());
    json.put("address", proxy.address());
    json.put("type", proxy.type());
    json.put("machine", proxy.machine().name());
    json.put("service", proxy.service());
    json.put("ports", proxy.ports());
    json.put(
        "routes",
        proxy.routes().stream()
            .map(
                r ->
                    Map.of(
                        "role", r.role(),
                        "hostgroup", r.hostgroup(),
                        "server", r.server(),
                        "status", r.status()))
            .toList());
    if (!proxy.destinations().isEmpty()) {
      json.put(
          "destinations",
          proxy.destinations().stream()
              .map(
                  d ->
                      Map.of(
                          "port", d.port(),
                          "server", d.server(),
                          "connections", d.connections()))
              .toList());
    }
    json.put("healthy", proxy.healthy());
    proxy.problem().ifPresent(p -> json.put("problem", p));
    return json;
  }
}
