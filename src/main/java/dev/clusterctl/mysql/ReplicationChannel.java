package dev.clusterctl.mysql;

import java.util.Optional;

/**
 * A replica's standard channel, as {@code SHOW REPLICA STATUS} has it.
 *
 * @param sourceHost where it replicates from, as it was told
 * @param receiving what the receiving thread does: {@code Yes}, {@code No} or {@code Connecting}
 * @param applying whether the applying threads run
 * @param received the transactions that it has received since it was last set up
 * @param lagSeconds how old what it applies now is; empty where the server doesn't know
 * @param autoPosition whether it finds its place by GTID
 * @param receiveError why it stopped receiving
 * @param applyError why it stopped applying
 */
public record ReplicationChannel(
    String sourceHost,
    int sourcePort,
    String user,
    String receiving,
    boolean applying,
    GtidSet received,
    Optional<Long> lagSeconds,
    boolean autoPosition,
    boolean ssl,
    Optional<Failure> receiveError,
    Optional<Failure> applyError) {

  /**
   * An error of one of the threads.
   *
   * @param code the server's error number
   */
  public record Failure(int code, String message) {}

  /** Whether it receives from its source right now. */
  public boolean isReceiving() {
    return receiving.equals("Yes");
  }

  /** Whether both sides of it run. */
  public boolean running() {
    return isReceiving() && applying;
  }
}
