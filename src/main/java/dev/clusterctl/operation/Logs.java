package dev.clusterctl.operation;

import dev.clusterctl.proxy.ProxySqlAdmin;
import dev.clusterctl.remote.Command;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** The logs on the machines. */
public final class Logs {
  private static final Duration FOLLOW = Duration.ofDays(7);

  private final Cluster cluster;

  public Logs(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Hands over the last lines of a machine's log.
   *
   * @param lines how many, 0 or more
   * @param follow whether to go on with new lines until the thread is interrupted
   */
  public void show(NodeName machine, int lines, boolean follow, Consumer<String> sink)
      throws IOException {
    boolean proxy = cluster.topology().proxies().stream().anyMatch(p -> p.name().equals(machine));
    String script = proxy ? proxyLog(lines, follow) : serverLog(machine, lines, follow);
    cluster
        .remote(machine)
        .check(
            Command.shell("read the log", script)
                .withTimeout(follow ? FOLLOW : Command.SHORT)
                .onLine(sink));
  }

  /** ProxySQL's packages have it write a file; run in the foreground, it leaves that to systemd. */
  private static String proxyLog(int lines, boolean follow) {
    return "if [ -s %1$s ]; then exec tail -n %2$d %3$s %1$s; else exec journalctl --no-pager -o short-iso -n %2$d %4$s -u mysqlrouter -u proxysql; fi"
        .formatted(ProxySqlAdmin.LOG, lines, follow ? "-F" : "", follow ? "-f" : "");
  }

  /** A server that fails before it opens its log tells systemd why. */
  private String serverLog(NodeName machine, int lines, boolean follow) throws IOException {
    Installation installation = cluster.installation(machine);
    return "if [ -s %1$s ]; then exec tail -n %2$d %3$s %1$s; else exec journalctl --no-pager -n %2$d %4$s -u %5$s; fi"
        .formatted(
            Command.quote(installation.errorLog()),
            lines,
            follow ? "-F" : "",
            follow ? "-f" : "",
            Command.quote(installation.service()));
  }
}
