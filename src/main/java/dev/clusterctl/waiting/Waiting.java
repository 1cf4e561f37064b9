package dev.clusterctl.waiting;

import java.time.Duration;
import java.util.Optional;

/** Waits for a condition, looking again and again until a deadline. */
public final class Waiting {
  private Waiting() {}

  /**
   * Looks at something.
   *
   * @param <E> what it throws where it can't be looked at, which ends the waiting
   */
  @FunctionalInterface
  public interface Probe<T, E extends Exception> {
    Look<T> look() throws E;
  }

  /**
   * What a look showed: the thing waited for, or what is there instead.
   *
   * @param seen what is there instead, for the message of a time-out
   */
  public record Look<T>(Optional<T> found, String seen) {
    public static <T> Look<T> found(T value) {
      return new Look<>(Optional.of(value), "");
    }

    public static <T> Look<T> notYet(String seen) {
      return new Look<>(Optional.empty(), seen);
    }
  }

  /**
   * Looks until the probe finds what it looks for.
   *
   * @param what the condition, for the message of a time-out: "db2 is ONLINE"
   * @throws WaitTimeoutException if it wasn't found in time: says what was waited for and what was
   *     seen last
   * @throws InterruptedException if the thread is told to stop
   */
  public static <T, E extends Exception> T until(
      String what, Duration limit, Duration interval, Probe<T, E> probe)
      throws E, WaitTimeoutException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Look<T> look = probe.look();
      if (look.found().isPresent()) {
        return look.found().get();
      }
      if (System.nanoTime() + interval.toNanos() > deadline) {
        throw new WaitTimeoutException(what, limit, look.seen());
      }
      Thread.sleep(interval.toMillis());
    }
  }

  /**
   * Looks until the probe finds what it looks for, however long that takes, as long as what is seen
   * instead changes now and then: for what takes as long as there is data.
   *
   * @param what the condition, for the message of a time-out
   * @param unchanged how long the same may be seen
   * @throws WaitTimeoutException if the same was seen for so long
   * @throws InterruptedException if the thread is told to stop
   */
  public static <T, E extends Exception> T whileChanging(
      String what, Duration unchanged, Duration interval, Probe<T, E> probe)
      throws E, WaitTimeoutException, InterruptedException {
    String seen = "";
    long since = System.nanoTime();
    while (true) {
      Look<T> look = probe.look();
      if (look.found().isPresent()) {
        return look.found().get();
      }
      if (!look.seen().equals(seen)) {
        seen = look.seen();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > unchanged.toNanos()) {
        throw new WaitTimeoutException(what, unchanged, seen + ", all the while");
      }
      Thread.sleep(interval.toMillis());
    }
  }
}
