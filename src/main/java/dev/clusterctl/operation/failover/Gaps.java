package dev.clusterctl.operation.failover;

import java.time.Duration;

/**
 * The longest time without a success in a stream of them. Instants are {@link System#nanoTime()}s.
 * Safe for many threads: where their successes arrive out of order, the latest counts.
 */
final class Gaps {
  private long lastSuccess;
  private Gap longest;

  /** A time without a success. */
  record Gap(long from, long to) {
    Duration length() {
      return Duration.ofNanos(to - from);
    }
  }

  /** Begins to look: the first gap lasts from here to the first success. */
  Gaps(long from) {
    lastSuccess = from;
    longest = new Gap(from, from);
  }

  synchronized void success(long at) {
    if (at - lastSuccess > 0) {
      longest = longer(longest, new Gap(lastSuccess, at));
      lastSuccess = at;
    }
  }

  /** Forgets the gaps that are over; the one that is open goes on. */
  synchronized void forget() {
    longest = new Gap(lastSuccess, lastSuccess);
  }

  /** The longest gap, where the time since the last success is one too. */
  synchronized Gap longest(long until) {
    return until - lastSuccess > 0 ? longer(longest, new Gap(lastSuccess, until)) : longest;
  }

  private static Gap longer(Gap one, Gap other) {
    return other.to() - other.from() > one.to() - one.from() ? other : one;
  }
}
