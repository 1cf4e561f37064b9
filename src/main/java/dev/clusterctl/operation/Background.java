package dev.clusterctl.operation;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Short questions to many machines at once. Its threads don't keep the program alive. */
public final class Background {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "ask");
            thread.setDaemon(true);
            return thread;
          });

  private Background() {}

  /** Runs it in a thread of its own. */
  public static <T> CompletableFuture<T> call(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    THREADS.execute(
        () -> {
          try {
            result.complete(task.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /**
   * Waits for what was begun.
   *
   * @throws IOException what it failed with, or that the waiting thread was interrupted
   */
  public static <T> T await(CompletableFuture<T> call) throws IOException {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw asIoException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The reason of a failed call as an IOException, itself where it is one. */
  public static IOException asIoException(ExecutionException e) {
    return e.getCause() instanceof IOException io
        ? io
        : new IOException(String.valueOf(e.getCause()), e.getCause());
  }
}
