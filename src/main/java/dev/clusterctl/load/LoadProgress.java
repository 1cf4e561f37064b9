package dev.clusterctl.load;

/** Told how far a load is, after every transaction; must be quick. */
@FunctionalInterface
public interface LoadProgress {
  /**
   * @param bytes of the unpacked text that are done
   * @param fileBytes of the file that were read for that
   * @param statements that were run
   * @param rows that they changed
   */
  void done(long bytes, long fileBytes, long statements, long rows);
}
