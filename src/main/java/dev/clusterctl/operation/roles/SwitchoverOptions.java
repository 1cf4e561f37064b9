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
 */
public record SwitchoverOptions(NodeName to, Duration mostLag, Duration openFor) {
  /** 10 s. */
  public static final Duration MOST_LAG = Duration.ofSeconds(10);

  /** 5 s. */
  public static final Duration OPEN_FOR = Duration.ofSeconds(5);

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
