package dev.clusterctl.operation.roles;

import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
import dev.clusterctl.render.RoleGuard;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.time.Duration;

/** A node whose server doesn't answer: is it gone, or only silent? */
sealed interface Absentee {

  Node node();

  /** Its machine answers, and a server process is there, or is being started. */
  record Alive(Node node, String what) implements Absentee {}

  /** Its machine answers, and there is no server process. */
  record Stopped(Node node) implements Absentee {}

  /** Its machine doesn't answer, as far as can be seen from here. */
  record Gone(Node node, String why) implements Absentee {}

  /**
   * Finds out.
   *
   * @throws IOException if that can't be told: its machine answers, and refuses to be looked at
   */
  static Absentee look(Cluster cluster, Node node) throws IOException {
    try {
      String service = cluster.installation(node.name()).service();
      Result found =
          cluster
              .remote(node.name())
              .run(
                  Command.shell(
                          "look whether MySQL runs",
                          "systemctl is-active %s || true; pgrep -x mysqld || true"
                              .formatted(Command.quote(service)))
                      .withTimeout(Duration.ofSeconds(15)));
      String[] lines = found.out().strip().split("\n", 2);
      boolean runs = lines.length > 1;
      boolean coming = lines[0].equals("active") || lines[0].equals("activating");
      return runs || coming
          ? new Alive(
              node, "its service is %s%s".formatted(lines[0], runs ? ", and mysqld runs" : ""))
          : new Stopped(node);
    } catch (RemoteException e) {
      return switch (e.kind()) {
        case UNREACHABLE, TIMEOUT, CONNECTION -> new Gone(node, String.valueOf(e.getMessage()));
        case AUTHENTICATION, HOST_KEY, COMMAND, INTERRUPTED -> throw e;
      };
    }
  }

  /** Sees to it that a server that is stopped takes no writes when it starts. */
  static void fence(Cluster cluster, SourceDriver driver, Node node) throws IOException {
    driver.setRole(node, RoleGuard.REPLICA);
    // One that was started meanwhile is stopped again: with its role it comes back read-only.
    cluster
        .remote(node.name())
        .check(
            Command.words(
                    "keep MySQL stopped",
                    "systemctl",
                    "stop",
                    cluster.installation(node.name()).service())
                .withTimeout(Duration.ofMinutes(4)));
  }
}
