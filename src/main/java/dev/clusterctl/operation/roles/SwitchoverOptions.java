package dev.clusterctl.operation.roles;

import dev.clusterctl.topology.NodeName;
import java.time.Duration;

/**
 * How a planned change of roles is made.
 *
 * @param to who takes writes afterwards
 * @param mostLag how far it may be behind to begin with
 * @param openFor how long statements and LOCK TABLES in progress on the old source may hold up the
 *     change before their sessions are ended; 1 s or more
 * @param retiring whether the old source is about to be taken down: it refuses writes and follows
 *     nobody then, as it may be older than the new one
 */
public record SwitchoverOptions(NodeName to, Duration mostLag, Duration openFor, boolean retiring) {
  /** 10 s. */
  public static final Duration MOST_LAG = Duration.ofSeconds(10);

  /** 5 s. */
  public static final Duration OPEN_FOR = Duration.ofSeconds(5);

  /** An old source that follows the new one. */
  public SwitchoverOptions(NodeName to, Duration mostLag, Duration openFor) {
    this(to, mostLag, openFor, false);
  }

  /** In the usual times, with an old source that is about to be taken down. */
  public static SwitchoverOptions retiring(NodeName to) {
    return new SwitchoverOptions(to, MOST_LAG, OPEN_FOR, true);
  }

  /**
   * @throws IllegalArgumentException if a duration is too short to mean anything
   */
  public SwitchoverOptions {
    if (mostLag.isNegative()) {
      throw new IllegalArgumentException("a lag can't be negative: " + mostLag);
    }
    if (openFor.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "a server waits in whole seconds, at least one: " + openFor);
    }
  }
}
