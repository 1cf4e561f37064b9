package dev.clusterctl.cli;

import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.PackageLockReader;
import dev.clusterctl.topology.Topology;

/** The cluster.lock.yaml beside a cluster.yaml. */
final class Locks {
  private Locks() {}

  /**
   * What is pinned.
   *
   * @throws InvalidFileException if the file has mistakes
   */
  static PackageLock read(Topology topology) throws InvalidFileException {
    PackageLockReader.Reading reading = PackageLockReader.read(topology.packageLockFile());
    if (!reading.problems().isEmpty()) {
      throw new InvalidFileException(topology.packageLockFile(), reading.problems());
    }
    return reading.lock();
  }
}
