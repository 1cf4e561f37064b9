package dev.clusterctl.operation.failover;

import dev.clusterctl.topology.NodeName;
import java.time.Duration;
import java.util.Optional;

/**
 * What a fail-over test does.
 *
 * @param node the node that is taken down
 * @param fault how
 * @param schema the application's schema, in which the test makes its tables
 * @param writers connections that write, 1 to 1000
 * @param writesPerSecond what each of them aims at, 1 to 10000
 * @param readers connections that read, 0 to 1000; each reads as often as a writer writes
 * @param warmUp load before the fault
 * @param downFor how long the node stays down (a killed one comes back when systemd likes)
 * @param coolDown load after the node is back
 * @param returnWithin how long after healing the node may take to be ONLINE
 * @param maxDowntime the longest gap without an acknowledged write that passes; empty: any
 */
public record FailoverOptions(
    NodeName node,
    Fault fault,
    String schema,
    int writers,
    int writesPerSecond,
    int readers,
    Duration warmUp,
    Duration downFor,
    Duration coolDown,
    Duration returnWithin,
    Optional<Duration> maxDowntime) {

  /**
   * @throws IllegalArgumentException if a number is out of range or a duration negative
   */
  public FailoverOptions {
    requireRange("writers", writers, 1, 1000);
    requireRange("writes per second", writesPerSecond, 1, 10_000);
    requireRange("readers", readers, 0, 1000);
    for (Duration d : new Duration[] {warmUp, downFor, coolDown, returnWithin}) {
      if (d.isNegative()) {
        throw new IllegalArgumentException("a duration can't be negative: " + d);
      }
    }
  }

  /**
   * 4 writers at 50/s, 2 readers, 3 s of load before, 15 s down, 5 s of load after, 3 min to
   * return, any gap passes.
   */
  public static FailoverOptions defaults(NodeName node, Fault fault, String schema) {
    return new FailoverOptions(
        node,
        fault,
        schema,
        4,
        50,
        2,
        Duration.ofSeconds(3),
        Duration.ofSeconds(15),
        Duration.ofSeconds(5),
        Duration.ofMinutes(3),
        Optional.empty());
  }

  private static void requireRange(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %d to %d, not %d".formatted(what, least, most, value));
    }
  }
}
