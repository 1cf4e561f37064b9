package dev.clusterctl.operation;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Says in words, a few times a second at most, how far the reading or loading of a dump is. */
final class LoadMeter {
  private static final long PAUSE_NANOS = Duration.ofMillis(250).toNanos();

  private final long total;
  private final Consumer<String> progress;
  private final long began = System.nanoTime();
  private long first = -1;
  private long told;

  /**
   * @param total bytes that there are
   */
  LoadMeter(long total, Consumer<String> progress) {
    this.total = total;
    this.progress = progress;
    this.told = began;
  }

  /** So many bytes of the file have been looked through. */
  void read(long bytes) {
    tell(() -> "looking through it: " + share(bytes));
  }

  /** As {@link dev.clusterctl.load.LoadProgress}. */
  void loaded(long bytes, long fileBytes, long statements, long rows) {
    if (first < 0) {
      first = bytes; // an interrupted load begins in the middle
    }
    tell(
        () ->
            String.format(
                Locale.ROOT,
                "%s, %.1f of %.1f MB, %s, %,d statements, %,d rows",
                share(bytes),
                bytes / 1e6,
                total / 1e6,
                speed(bytes),
                statements,
                rows));
  }

  private void tell(java.util.function.Supplier<String> words) {
    long now = System.nanoTime();
    if (now - told >= PAUSE_NANOS) {
      told = now;
      progress.accept(words.get());
    }
  }

  private String share(long bytes) {
    return (total == 0 ? 100 : bytes * 100 / total) + "%";
  }

  private String speed(long bytes) {
    double seconds = (System.nanoTime() - began) / 1e9;
    double perSecond = Math.max(1, (bytes - first) / seconds);
    long left = (long) ((total - bytes) / perSecond);
    return String.format(
        Locale.ROOT, "%.1f MB/s, %d:%02d left", perSecond / 1e6, left / 60, left % 60);
  }
}
