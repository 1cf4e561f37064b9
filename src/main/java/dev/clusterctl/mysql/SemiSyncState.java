package dev.clusterctl.mysql;

/**
 * What semi-synchronous replication does on a server that commits.
 *
 * @param enabled whether commits are to wait for a replica
 * @param waiting whether they do: not so after one has waited in vain for the time-out, until a
 *     replica has caught up again
 * @param replicas how many replicas acknowledge what they receive
 */
public record SemiSyncState(boolean enabled, boolean waiting, int replicas) {

  /** Whether what it acknowledges now is on a replica, too. */
  public boolean inEffect() {
    return enabled && waiting && replicas > 0;
  }
}
