package dev.clusterctl.operation.steps;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.remote.Command;
import dev.clusterctl.render.ServiceDropIn;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All nodes run with the options that their files have. What a running server lets itself be told
 * is told; for the rest the servers are restarted one at a time, the one that takes writes last,
 * each back in replication before the next one goes.
 */
final class OptionsStep extends ClusterStep {
  private final Cluster cluster;

  OptionsStep(Cluster cluster, Set<String> needs, Set<String> after) {
    super(CLUSTER, "options", "options in effect", needs, after);
    this.cluster = cluster;
  }

  @Override
  public Check check() throws IOException {
    List<String> changes = new ArrayList<>();
    for (Node node : cluster.topology().nodes()) {
      for (OptionsInEffect.Difference difference : differences(node)) {
        changes.add(node.name() + ": " + difference);
      }
    }
    return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, List.of());
  }

  @Override
  public void apply(Progress progress)
      throws IOException, InterruptedException, WaitTimeoutException {
    for (Node node : NodeRestart.order(cluster)) {
      List<OptionsInEffect.Difference> differences = differences(node);
      if (differences.isEmpty()) {
        continue;
      }
      progress.report(node.name() + ": setting " + differences.size() + " option(s)");
      Optional<MySqlException> refusal = set(node, differences);
      if (refusal.isEmpty()) {
        noteInEffect(node);
      } else {
        progress.report(
            "%s: restarting, as the running server can't be told: %s"
                .formatted(node.name(), refusal.get().getMessage()));
        NodeRestart.restart(cluster, node, progress::report);
      }
    }
  }

  private List<OptionsInEffect.Difference> differences(Node node) throws IOException {
    Installation installation = cluster.installation(node.name());
    String separator = "# clusterctl: the file on disk follows";
    String both =
        cluster
            .remote(node.name())
            .check(
                Command.shell(
                    "compare options",
                    "if [ -e %1$s ]; then cat %1$s; fi; echo; echo %2$s; cat %3$s"
                        .formatted(
                            ServiceDropIn.STARTED_WITH,
                            Command.quote(separator),
                            Command.quote(installation.optionFile()))));
    int middle = both.indexOf(separator);
    return OptionsInEffect.between(both.substring(0, middle), both.substring(middle));
  }

  /** Tells them to the running server; why one of them can't be told. */
  private Optional<MySqlException> set(Node node, List<OptionsInEffect.Difference> differences)
      throws IOException {
    try (Session session = cluster.admin(node)) {
      for (OptionsInEffect.Difference difference : differences) {
        try {
          session.run(difference.statement());
        } catch (MySqlException e) {
          if (e.unreachable()) {
            throw e;
          }
          // Read-only while the server runs, unknown to it, or refused: a start will tell.
          return Optional.of(e);
        }
      }
      return Optional.empty();
    }
  }

  private void noteInEffect(Node node) throws IOException {
    cluster
        .remote(node.name())
        .check(
            Command.shell(
                "note the options in effect",
                "install -D -m 0644 %s %s"
                    .formatted(
                        Command.quote(cluster.installation(node.name()).optionFile()),
                        ServiceDropIn.STARTED_WITH)));
  }
}
