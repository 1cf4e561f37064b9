package dev.clusterctl.operation.backup;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Passes on one message now and then, of many. */
final class Calm implements Consumer<String> {
  private static final long EVERY = Duration.ofSeconds(2).toNanos();

  private final Consumer<String> listener;
  private final AtomicLong told = new AtomicLong(System.nanoTime());

  Calm(Consumer<String> listener) {
    this.listener = listener;
  }

  @Override
  public void accept(String message) {
    long now = System.nanoTime();
    long last = told.get();
    if (now - last >= EVERY && told.compareAndSet(last, now)) {
      listener.accept(message);
    }
  }
}
