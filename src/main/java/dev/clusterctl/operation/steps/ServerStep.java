package dev.clusterctl.operation.steps;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.operation.ServerLog;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
import dev.clusterctl.render.ServiceDropIn;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The server runs, now and after a boot. A server that takes no part in replication and runs with
 * older options is restarted here; the others are {@link OptionsStep}'s business, one at a time.
 */
final class ServerStep extends ClusterStep {
  /** How long a server may take to start that only has to recover from a crash. */
  static final Duration START = Duration.ofMinutes(5);

  private static final int SHOWN = 8;

  private final Cluster cluster;
  private final Node node;
  private final Remote remote;
  private final Duration limit;

  /**
   * @param limit how long its start may take
   */
  ServerStep(Cluster cluster, Node node, Duration limit, Set<String> needs) {
    super(node.name().value(), "server", "server running", needs, Set.of());
    this.cluster = cluster;
    this.node = node;
    this.remote = cluster.remote(node.name());
    this.limit = limit;
  }

  @Override
  public Check check() throws IOException {
    Installation installation = cluster.installation(node.name());
    List<String> found =
        Arrays.asList(
            remote
                .check(
                    Command.shell(
                        "look at the server",
                        """
                        systemctl is-active %1$s || true
                        systemctl is-enabled %1$s 2>/dev/null || true
                        cmp -s %2$s %3$s && echo current || echo outdated
                        """
                            .formatted(
                                Command.quote(installation.service()),
                                Command.quote(installation.optionFile()),
                                ServiceDropIn.STARTED_WITH)))
                .strip()
                .split("\n", -1));
    if (!found.get(0).equals("active")) {
      return Check.differs("start the server (it is " + found.get(0) + ")");
    }
    if (found.contains("outdated") && !cluster.driver().inService(node)) {
      return Check.differs("restart the server, which runs with older options");
    }
    return found.size() > 1 && found.get(1).startsWith("disabled")
        ? Check.differs("have the server started at boot")
        : Check.satisfied();
  }

  @Override
  public void apply(Progress progress) throws IOException {
    Installation installation = cluster.installation(node.name());
    progress.report("starting");
    ServerLog log = ServerLog.fromNow(cluster, node);
    Command command =
        Command.shell(
                "start MySQL",
                """
                systemctl enable %1$s >/dev/null 2>&1 || true
                systemctl reset-failed %1$s 2>/dev/null || true
                if cmp -s %2$s %3$s; then systemctl start %1$s; else systemctl restart %1$s; fi
                """
                    .formatted(
                        Command.quote(installation.service()),
                        Command.quote(installation.optionFile()),
                        ServiceDropIn.STARTED_WITH))
            .withTimeout(limit);
    Result result = remote.run(command);
    if (!result.ok()) {
      throw doesNotStart(installation, log);
    }
  }

  private RemoteException doesNotStart(Installation installation, ServerLog log)
      throws IOException {
    List<String> errors = log.errors();
    List<String> lines =
        new ArrayList<>(errors.subList(Math.max(0, errors.size() - SHOWN), errors.size()));
    remote
        .run(
            Command.shell(
                "look at the service",
                "systemctl --no-pager -n 0 status %s | grep -E 'Active:|ExecStart=' | tail -n 2"
                    .formatted(Command.quote(installation.service()))))
        .out()
        .lines()
        .map(String::strip)
        .forEach(lines::add);
    return new RemoteException(
        RemoteException.Kind.COMMAND,
        node.name() + ": MySQL doesn't start",
        lines,
        "clusterctl logs %s shows the server's log; clusterctl ssh %s opens a shell there"
            .formatted(node.name(), node.name()),
        null);
  }
}
