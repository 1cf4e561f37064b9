package dev.clusterctl.cli;

import dev.clusterctl.mysql.SchemaSize;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Reseed;
import dev.clusterctl.output.PlanView;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Replication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "reseed",
    description = {
      "Replace a replica's data by a copy of its source's, and have it follow again; or a group"
          + " member's by that of its group.",
      "For a node that was written to, that was away too long, or whose data differs: clusterctl"
          + " status says when. What it has and the source (the group) lacks is named and, unless"
          + " --yes is given, asked for: it is gone afterwards."
    })
final class ReseedCommand extends ClusterCommand {
  /** How the copy is made: named as in the file. */
  enum Method {
    auto,
    clone,
    xtrabackup,
    mysqldump
  }

  @Parameters(index = "0", paramLabel = "NODE", description = "The replica, or the member.")
  private String node = "";

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "auto, clone, xtrabackup or mysqldump (default: replication.seeding of the file). Not for a"
              + " group, which does it itself.")
  private @Nullable Method method;

  @Option(names = "--dry-run", description = "Show what would be done, and change nothing.")
  private boolean dryRun;

  ReseedCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    Node replica =
        session
            .topology()
            .node(session.machine(node).name())
            .orElseThrow(
                () ->
                    new UsageException(
                        node + " is the proxy: it has no data", "name a MySQL node"));
    try (Cluster cluster = session.cluster()) {
      Reseed reseed = new Reseed(cluster);
      Reseed.Preview preview =
          reseed.look(
              replica,
              Optional.ofNullable(method)
                  .map(
                      m ->
                          Replication.Seeding.valueOf(
                              m.name().toUpperCase(java.util.Locale.ROOT))));
      session.output().result("reseed", json(preview), () -> lines(preview));
      if (dryRun) {
        Report plan = reseed.run(session.executor(), Executor.Mode.PLAN, preview);
        PlanView.show(session.output(), plan);
        return plan.succeeded() ? ExitCode.OK : session.finish(plan);
      }
      if (!session.confirm("replace all data of %s?".formatted(replica.name()))) {
        return ExitCode.FAILED;
      }
      return session.finish(reseed.run(session.executor(), Executor.Mode.APPLY, preview));
    }
  }

  private static List<String> lines(Reseed.Preview preview) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s gets a copy of the data of %s by %s: %s"
            .formatted(
                preview.node().name(),
                preview.source().name(),
                preview.method(),
                SchemaSize.text(preview.schemas())));
    if (!preview.lost().isEmpty()) {
      lines.add(
          "%s that only %s has will be gone: %s"
              .formatted(preview.lost().counted(), preview.node().name(), preview.lost()));
    }
    return lines;
  }

  private static Map<String, Object> json(Reseed.Preview preview) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", preview.node().name().value());
    json.put("source", preview.source().name().value());
    json.put("method", preview.method());
    json.put("lostTransactions", preview.lost().count());
    json.put("lost", preview.lost().toString());
    json.put(
        "schemas",
        preview.schemas().stream()
            .map(s -> Map.of("name", s.name(), "tables", s.tables(), "bytes", s.bytes()))
            .toList());
    return json;
  }
}
