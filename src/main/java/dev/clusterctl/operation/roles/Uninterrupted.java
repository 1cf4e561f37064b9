package dev.clusterctl.operation.roles;

import dev.clusterctl.operation.Background;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs what must not be cut off in the middle by Ctrl-C: it goes on, on a thread of its own, and
 * finds out at places of its own choice that it should stop.
 */
final class Uninterrupted {
  private final AtomicBoolean stop = new AtomicBoolean();

  /**
   * Where the work may still be stopped.
   *
   * @throws InterruptedException if somebody wants it to
   */
  void stopIfTold() throws InterruptedException {
    if (stop.get()) {
      throw new InterruptedException("stopped");
    }
  }

  /** Waits for the work's end, however often the calling thread is interrupted meanwhile. */
  <T> T call(Callable<T> work) throws IOException, InterruptedException {
    CompletableFuture<T> result = Background.call(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
          stop.set(true);
        } catch (ExecutionException e) {
          if (e.getCause() instanceof InterruptedException told) {
            throw told;
          }
          throw Background.asIoException(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
