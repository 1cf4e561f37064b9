package dev.clusterctl.cli;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.FailoverRun;
import dev.clusterctl.operation.failover.FailoverOptions;
import dev.clusterctl.operation.failover.FailoverReport;
import dev.clusterctl.operation.failover.FailoverResult;
import dev.clusterctl.operation.failover.Fault;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "failover-test",
    description = {
      "Take a node down under load; measure what clients felt, and whether anything was lost.",
      "The node is brought back, and the test cleans up after itself, also when it is interrupted.",
      "Exit code 3 where an acknowledged write is lost, the node doesn't return, the nodes differ,"
          + " or --max-downtime is passed."
    })
final class FailoverTestCommand extends ClusterCommand {
  /** How the node is taken down. */
  enum How {
    STOP,
    KILL,
    FREEZE,
    PARTITION
  }

  @Parameters(index = "0", paramLabel = "NODE", description = "The node that is taken down.")
  private String node = "";

  @Option(
      names = "--how",
      paramLabel = "HOW",
      description =
          "stop (systemctl stop), kill (SIGKILL), freeze (SIGSTOP) or partition (cut off from the"
              + " other machines); default: kill.")
  private How how = How.KILL;

  @Option(
      names = "--down-for",
      paramLabel = "DURATION",
      description = "How long it stays down (default: 15s); a killed one is restarted by systemd.")
  private Duration downFor = Duration.ofSeconds(15);

  @Option(
      names = "--max-downtime",
      paramLabel = "DURATION",
      description = "The longest stretch without an acknowledged write that passes (default: any).")
  private @Nullable Duration maxDowntime;

  @Option(
      names = "--writers",
      paramLabel = "N",
      description = "Connections that write (default: 4).")
  private int writers = 4;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Writes a second of each of them (default: 50).")
  private int rate = 50;

  @Option(
      names = "--readers",
      paramLabel = "N",
      description = "Connections that read (default: 2).")
  private int readers = 2;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the result as JUnit XML, for CI jobs.")
  private @Nullable Path junit;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON.")
  private @Nullable Path json;

  FailoverTestCommand() {
    super(Access.CHANGES);
  }

  @Override
  ExitCode run(Session session) throws Exception {
    Node target = session.node(node);
    Database database = session.anyDatabase();
    FailoverOptions defaults =
        FailoverOptions.defaults(
            target.name(),
            Fault.named(how.name().toLowerCase(java.util.Locale.ROOT)).orElseThrow(),
            database.name());
    FailoverOptions options =
        new FailoverOptions(
            defaults.node(),
            defaults.fault(),
            defaults.schema(),
            writers,
            rate,
            readers,
            defaults.warmUp(),
            downFor,
            defaults.coolDown(),
            defaults.returnWithin(),
            Optional.ofNullable(maxDowntime));
    try (Cluster cluster = session.cluster()) {
      return show(session, new FailoverRun(cluster, database, session.events()).run(options));
    }
  }

  private ExitCode show(Session session, FailoverResult result) throws Exception {
    if (result instanceof FailoverResult.NotPossible impossible) {
      session
          .output()
          .result(
              "failover-test",
              Map.of("passed", false, "notPossible", impossible.reasons()),
              () -> notPossible(impossible.reasons()));
      return ExitCode.UNHEALTHY;
    }
    FailoverReport report = ((FailoverResult.Finished) result).report();
    if (json != null) {
      Files.writeString(json, report.json());
    }
    if (junit != null) {
      Files.writeString(junit, report.junitXml());
    }
    session.output().result("failover-test", report.data(), () -> report.text().lines().toList());
    return report.passed() ? ExitCode.OK : ExitCode.UNHEALTHY;
  }

  private static List<String> notPossible(List<String> reasons) {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of("not tested, and nothing was touched:"),
            reasons.stream().map(r -> "  " + r))
        .toList();
  }
}
