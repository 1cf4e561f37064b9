package dev.clusterctl.waiting;

import java.time.Duration;

/** A condition wasn't met in time. */
public final class WaitTimeoutException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param what the condition that was waited for
   * @param seen what was there instead at the last look
   */
  public WaitTimeoutException(String what, Duration limit, String seen) {
    super(
        "waited %d s until %s; last seen: %s"
            .formatted(limit.toSeconds(), what, seen.isBlank() ? "nothing" : seen));
  }
}
