package dev.clusterctl.cli;

import dev.clusterctl.load.Analysis;
import dev.clusterctl.load.Finding;
import dev.clusterctl.load.LoadOptions;
import dev.clusterctl.load.LoadRecord;
import dev.clusterctl.load.LoadResult;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.DataLoad;
import dev.clusterctl.operation.DataLoad.Begin;
import dev.clusterctl.operation.DataLoad.Way;
import dev.clusterctl.operation.LoadRun;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "load",
    description = {
      "Load a dump into one of the cluster's databases, through the proxy.",
      "First the whole dump is read, and what a group can't take is said with its line; errors"
          + " stop it, and nothing is touched. A load that was interrupted goes on with --resume.",
      "Exit code 2 where the dump doesn't fit."
    })
final class LoadCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "DATABASE", description = "One of the cluster.yaml's.")
  private String database = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "SQL as mysqldump writes it; plain, or packed with gzip or zstd.")
  private Path file = Path.of("");

  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "Load through this node, as administration, instead of through the proxy.")
  private @Nullable String node;

  @Option(names = "--check", description = "Only say whether it fits.")
  private boolean check;

  @Option(
      names = "--add-primary-keys",
      description = "Give a table that has no key which identifies its rows one, my_row_id.")
  private boolean addPrimaryKeys;

  @Option(names = "--drop-foreign-keys", description = "Leave foreign keys out.")
  private boolean dropForeignKeys;

  @Option(
      names = "--strip-definers",
      description = "Let views, triggers and routines be the application's, whoever defined them.")
  private boolean stripDefiners;

  @Option(
      names = "--convert-engines",
      description = "Make InnoDB tables of MyISAM tables and others.")
  private boolean convertEngines;

  @Option(names = "--resume", description = "Go on with a load that was interrupted.")
  private boolean resume;

  @Option(
      names = "--from-start",
      description = "Forget a load that was interrupted, and begin this one.")
  private boolean fromStart;

  LoadCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    if (resume && fromStart) {
      throw new UsageException("--resume and --from-start exclude each other", "take one of them");
    }
    try (Cluster cluster = session.cluster()) {
      DataLoad load =
          new DataLoad(
              cluster,
              new DataLoad.Request(
                  database(session),
                  file,
                  new LoadOptions(addPrimaryKeys, dropForeignKeys, stripDefiners, convertEngines),
                  way(session)));
      Begin begin = check ? Begin.NEW : begin(load);
      LoadRun run = new LoadRun(load, begin, session.events());
      Analysis analysis = run.analyze();
      session
          .output()
          .result("load-analysis", json(analysis), () -> lines(analysis, file.toString()));
      if (!analysis.fits()) {
        return ExitCode.USAGE;
      }
      if (check) {
        return ExitCode.OK;
      }
      if (begin == Begin.NEW
          && !analysis.replaced().isEmpty()
          && !session.confirm(
              "replace %s in %s?"
                  .formatted(tables(analysis.replaced().stream().sorted().toList()), database))) {
        session.say(Event.Level.INFO, "nothing was touched");
        return ExitCode.FAILED;
      }
      return load(session, load, run);
    }
  }

  private ExitCode load(Session session, DataLoad load, LoadRun run) {
    Report report = run.load(session.executor());
    if (report.succeeded() && run.result().isPresent()) {
      LoadResult result = run.result().get();
      session.output().result("load", json(result), () -> List.of(line(result)));
      return ExitCode.OK;
    }
    if (session.shell().cancellation().reason().isPresent()) {
      session.say(
          Event.Level.WARNING,
          "%s is loaded up to the statement in line %,d; --resume goes on"
              .formatted(file, load.lastLine()));
    }
    return session.finish(report);
  }

  private Database database(Session session) throws UsageException {
    List<Database> all = session.topology().databases();
    return all.stream()
        .filter(d -> d.name().equals(database))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "%s has no database %s".formatted(session.topology().name(), database),
                    all.isEmpty()
                        ? "add it under databases: in the cluster.yaml, and run up"
                        : "it has "
                            + all.stream().map(Database::name).collect(Collectors.joining(", "))
                            + "; databases: in the cluster.yaml names them"));
  }

  private Way way(Session session) throws UsageException {
    if (node == null) {
      return new Way.Application();
    }
    NodeName name = session.machine(node).name();
    return session
        .topology()
        .node(name)
        .map(n -> (Way) new Way.OneNode(n))
        .orElseThrow(
            () ->
                new UsageException(
                    name + " is the proxy", "leave --node out to load through the proxy"));
  }

  private Begin begin(DataLoad load) throws IOException, UsageException {
    Optional<LoadRecord> interrupted = fromStart ? Optional.empty() : load.interrupted();
    if (interrupted.isPresent() && !resume) {
      LoadRecord record = interrupted.get();
      throw new UsageException(
          "a load of %s into %s was interrupted: it is in up to the statement in line %,d"
              .formatted(record.file(), database, record.line()),
          "go on with --resume (and the same options%s), or begin again with --from-start"
              .formatted(record.options().isEmpty() ? "" : ": " + record.options()));
    }
    if (interrupted.isEmpty() && resume) {
      throw new UsageException(
          "no load into %s was interrupted".formatted(database), "leave --resume out");
    }
    return interrupted.isPresent() ? Begin.RESUME : Begin.NEW;
  }

  private static String tables(List<String> names) {
    return names.size() <= 5
        ? String.join(", ", names)
        : "%s and %d tables more"
            .formatted(String.join(", ", names.subList(0, 5)), names.size() - 5);
  }

  private static List<String> lines(Analysis analysis, String file) {
    List<String> lines = new ArrayList<>();
    analysis.findings().forEach(f -> lines.add(f.line(file)));
    Analysis.Totals totals = analysis.totals();
    String much =
        String.format(
            Locale.ROOT,
            "%,d statements, %d tables, %.1f MB",
            totals.statements(),
            totals.tables(),
            totals.bytes() / 1e6);
    lines.add(
        analysis.fits()
            ? "%s fits: %s".formatted(file, much)
            : "%s doesn't fit: %d errors (%s); nothing was touched"
                .formatted(file, analysis.errors(), much));
    return lines;
  }

  private static Map<String, Object> json(Analysis analysis) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("fits", analysis.fits());
    json.put("bytes", analysis.totals().bytes());
    json.put("fileBytes", analysis.totals().fileBytes());
    json.put("statements", analysis.totals().statements());
    json.put("tables", analysis.totals().tables());
    json.put("replaces", analysis.replaced().stream().sorted().toList());
    json.put("findings", analysis.findings().stream().map(LoadCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(Finding finding) {
    return Map.of(
        "severity", finding.severity().name().toLowerCase(Locale.ROOT),
        "line", finding.line(),
        "message", finding.message(),
        "advice", finding.advice());
  }

  private static Map<String, Object> json(LoadResult result) {
    return Map.of(
        "statements", result.statements(),
        "rows", result.rows(),
        "bytes", result.bytes(),
        "reconnects", result.reconnects(),
        "seconds", result.took().toMillis() / 1000.0);
  }

  private static String line(LoadResult result) {
    double seconds = Math.max(0.001, result.took().toMillis() / 1000.0);
    return String.format(
        Locale.ROOT,
        "loaded %,d rows with %,d statements in %.1f s: %.1f MB/s%s",
        result.rows(),
        result.statements(),
        seconds,
        result.bytes() / 1e6 / seconds,
        result.reconnects() == 0
            ? ""
            : " (the connection was lost and made again %d times)".formatted(result.reconnects()));
  }
}
