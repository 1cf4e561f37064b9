package dev.clusterctl.e2e;

import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Counts the group's ONLINE members again and again, as the node sees it that sees most of them:
 * one that isn't in the group, or doesn't run, sees none.
 */
final class GroupWatch implements AutoCloseable {
  private final Playground cluster;
  private final List<String> nodes;
  private final IntConsumer counts;
  private final Thread thread = new Thread(this::work, "group-watch");
  private volatile boolean stopping;

  GroupWatch(Playground cluster, List<String> nodes, IntConsumer counts) {
    this.cluster = cluster;
    this.nodes = nodes;
    this.counts = counts;
    thread.start();
  }

  private void work() {
    while (!stopping) {
      counts.accept(nodes.stream().mapToInt(this::onlineSeenFrom).max().orElse(0));
    }
  }

  private int onlineSeenFrom(String node) {
    try {
      Outcome answer =
          Host.run(
              "docker",
              "exec",
              cluster.container(node),
              "mysql",
              "--no-defaults",
              "-uroot",
              "-BNe",
              "SELECT COUNT(*) FROM performance_schema.replication_group_members"
                  + " WHERE MEMBER_STATE = 'ONLINE'");
      return answer.code() == 0 ? Integer.parseInt(answer.out().strip()) : 0;
    } catch (IOException e) {
      throw new AssertionError("docker can't be run", e);
    } catch (InterruptedException e) {
      stopping = true;
      return 0;
    }
  }

  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.join();
  }
}
