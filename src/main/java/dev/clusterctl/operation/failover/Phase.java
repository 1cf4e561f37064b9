package dev.clusterctl.operation.failover;

/** When in a test something happened. */
public enum Phase {
  /** Before the fault. */
  BEFORE,
  /** From the fault until the node was ONLINE again. */
  DURING,
  /** From then until the end of the load. */
  AFTER
}
