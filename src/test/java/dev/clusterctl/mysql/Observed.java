package dev.clusterctl.mysql;

import dev.clusterctl.topology.NodeName;
import java.util.Optional;

/** Observations for tests: node 2 is db2, at 10.0.0.2, with a server_uuid of 2s. */
public final class Observed {
  private final int number;
  private String version = "9.7.4";
  private boolean writable;
  private GtidSet executed = GtidSet.EMPTY;
  private GtidSet purged = GtidSet.EMPTY;
  private GtidSet received = GtidSet.EMPTY;
  private Optional<Integer> source = Optional.empty();
  private String receiving = "Yes";
  private boolean applying = true;
  private Optional<Long> lag = Optional.of(0L);

  private Observed(int number) {
    this.number = number;
  }

  public static Observed node(int number) {
    return new Observed(number);
  }

  /** A server_uuid that consists of a node's number. */
  public static String uuid(int number) {
    return "11111111-1111-1111-1111-111111111111".replace('1', (char) ('0' + number));
  }

  public Observed version(String text) {
    version = text;
    return this;
  }

  public Observed writable() {
    writable = true;
    return this;
  }

  public Observed executed(String set) {
    executed = GtidSet.parse(set);
    return this;
  }

  public Observed purged(String set) {
    purged = GtidSet.parse(set);
    return this;
  }

  public Observed received(String set) {
    received = GtidSet.parse(set);
    return this;
  }

  public Observed follows(int node) {
    source = Optional.of(node);
    return this;
  }

  public Observed stopped() {
    receiving = "No";
    applying = false;
    return this;
  }

  public Observed lag(long seconds) {
    lag = Optional.of(seconds);
    return this;
  }

  public ReplicaObservation get() {
    return new ReplicaObservation(
        new NodeName("db" + number),
        "10.0.0." + number,
        uuid(number),
        version,
        writable,
        executed,
        purged,
        source.map(
            s ->
                new ReplicationChannel(
                    "10.0.0." + s,
                    3306,
                    "clusterctl_repl",
                    receiving,
                    applying,
                    received,
                    lag,
                    true,
                    true,
                    Optional.empty(),
                    Optional.empty())));
  }
}
