package dev.clusterctl.cli;

import dev.clusterctl.machine.Providers;
import dev.clusterctl.topology.PackageLockReader;
import dev.clusterctl.topology.Problem;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.ReadResult;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code clusterctl validate}: a result either way, so problems go to standard output. */
@Command(
    name = "validate",
    description = {
      "Find every mistake in the cluster.yaml, and in the cluster.lock.yaml beside it.",
      "Needs no machine. Also warns where this host will refuse what the file asks for: addresses",
      "that VirtualBox doesn't allow (/etc/vbox/networks.conf)."
    })
final class ValidateCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Clusterctl root;

  @Override
  public Integer call() {
    ReadResult result = withHost(withLock(TopologyReader.read(root.file())));
    Results.show(root, "validation", json(result), () -> String.join("\n", lines(result)));
    return (result.topology().isPresent() ? ExitCode.OK : ExitCode.USAGE).code();
  }

  /** Mistakes in the cluster.lock.yaml beside it are mistakes too. */
  private static ReadResult withLock(ReadResult cluster) {
    if (cluster.topology().isEmpty()) {
      return cluster;
    }
    Path file = cluster.topology().orElseThrow().packageLockFile();
    List<Problem> problems = new ArrayList<>(cluster.problems());
    List<Problem> inLock = PackageLockReader.read(file).problems();
    problems.addAll(inLock);
    return inLock.isEmpty() ? cluster : new ReadResult(Optional.empty(), problems);
  }

  /** What this host doesn't allow yet is worth a warning, and no mistake in the file. */
  private ReadResult withHost(ReadResult cluster) {
    List<Problem> problems = new ArrayList<>(cluster.problems());
    cluster
        .topology()
        .ifPresent(topology -> problems.addAll(Providers.warnings(topology, root.file())));
    return new ReadResult(cluster.topology(), problems);
  }

  private static Map<String, Object> json(ReadResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("valid", result.topology().isPresent());
    json.put("errors", result.errors().size());
    json.put("warnings", result.warnings().size());
    result
        .topology()
        .flatMap(ValidateCommand::proxySql)
        .ifPresent(words -> json.put("proxy", words));
    json.put("problems", result.problems().stream().map(Failures::json).toList());
    return json;
  }

  private List<String> lines(ReadResult result) {
    List<String> lines = new ArrayList<>();
    result.problems().stream().map(Problem::toString).forEach(lines::add);
    int errors = result.errors().size();
    lines.add(
        result
            .topology()
            .map(this::good)
            .orElseGet(() -> errors + (errors == 1 ? " mistake" : " mistakes")));
    result.topology().flatMap(ValidateCommand::proxySql).ifPresent(lines::add);
    return lines;
  }

  private String good(Topology topology) {
    int nodes = topology.nodes().size();
    return "%s is valid: %s, MySQL %s on %d %s%s"
        .formatted(
            root.file(),
            topology.name(),
            topology.mysql().version(),
            nodes,
            nodes == 1 ? "node" : "nodes",
            topology.proxy().isPresent() ? " behind a proxy" : "");
  }

  /** How ProxySQL and these servers get along: no mistake, but not the same for every pair. */
  private static Optional<String> proxySql(Topology topology) {
    return topology
        .proxy()
        .filter(Proxy.ProxySql.class::isInstance)
        .map(Proxy.ProxySql.class::cast)
        .map(
            proxy ->
                "ProxySQL %s %s"
                    .formatted(proxy.version(), proxy.verdict(topology.mysql()).inWords()));
  }
}
