package dev.clusterctl.operation.seeding;

import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells how far a recipient's cloning is, once a second until closed. */
final class CloneProgress implements AutoCloseable {
  private static final long MEGABYTE = 1024L * 1024L;
  private final ScheduledExecutorService ticker =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "clone-progress");
            thread.setDaemon(true);
            return thread;
          });

  CloneProgress(Cluster cluster, Node recipient, Consumer<String> progress) {
    ticker.scheduleWithFixedDelay(
        () -> {
          try (Session session = cluster.admin(recipient)) {
            // The last stage that has begun.
            for (Row row :
                session.query(
                    "SELECT STAGE, ESTIMATE, DATA FROM performance_schema.clone_progress WHERE"
                        + " STATE = 'In Progress' ORDER BY ID DESC, BEGIN_TIME DESC LIMIT 1")) {
              progress.accept(
                  "%s: %d of %d MB"
                      .formatted(
                          row.text("STAGE").toLowerCase(java.util.Locale.ROOT),
                          row.number("DATA") / MEGABYTE,
                          row.number("ESTIMATE") / MEGABYTE));
            }
          } catch (IOException e) {
            // The server is restarting, or has no time: how far it is isn't worth an error.
          }
        },
        1,
        1,
        TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
