package dev.clusterctl.mysql;

import java.util.List;
import java.util.Optional;

/**
 * What a server says about its own difficulties, beyond {@link ReplicaObservation}.
 *
 * @param applyFailures why its applying threads stopped, in words that name table and key; the
 *     threads' own words say more than {@code SHOW REPLICA STATUS}
 * @param waitsForDisk whether a thread waits for somebody to make room on the disk
 * @param freeBytes what is left on the disk of the data directory; empty where that isn't known
 * @param semiSync empty where its plugins aren't loaded
 */
public record ReplicaSymptoms(
    List<ReplicationChannel.Failure> applyFailures,
    boolean waitsForDisk,
    Optional<Long> freeBytes,
    Optional<SemiSyncState> semiSync) {

  /** A server without any. */
  public static final ReplicaSymptoms NONE =
      new ReplicaSymptoms(List.of(), false, Optional.empty(), Optional.empty());

  /** The same, with what the machine says of its disk. */
  public ReplicaSymptoms withFreeBytes(long bytes) {
    return new ReplicaSymptoms(applyFailures, waitsForDisk, Optional.of(bytes), semiSync);
  }
}
