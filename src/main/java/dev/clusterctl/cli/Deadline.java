package dev.clusterctl.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Cancels the command when its time is up. */
final class Deadline implements AutoCloseable {
  private final CountDownLatch over = new CountDownLatch(1);

  private Deadline() {}

  static Deadline after(Duration limit, Cancellation cancellation) {
    Deadline deadline = new Deadline();
    Thread thread =
        new Thread(
            () -> {
              try {
                if (!deadline.over.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                  cancellation.cancel(Cancellation.Reason.TIMED_OUT);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "timeout");
    thread.setDaemon(true);
    thread.start();
    return deadline;
  }

  /** The command ended in time. */
  @Override
  public void close() {
    over.countDown();
  }
}
