package dev.clusterctl.operation.failover;

import java.time.Duration;

/**
 * The load under which a change is made.
 *
 * @param schema the application's schema, in which the load's table is made
 * @param writers connections that write, 1 to 1000
 * @param writesPerSecond what each of them aims at, 1 to 10000
 * @param readers connections that read, 0 to 1000; each reads as often as a writer writes
 * @param around load before the change, and after it
 */
public record ChangeOptions(
    String schema, int writers, int writesPerSecond, int readers, Duration around) {

  /** 4 writers at 50/s, 2 readers, 3 s before and after. */
  public static ChangeOptions defaults(String schema) {
    return new ChangeOptions(schema, 4, 50, 2, Duration.ofSeconds(3));
  }
}
