package dev.clusterctl.operation.failover;

import java.time.Duration;
import java.util.Set;

/** Told how a fail-over test goes on. Called from several threads; must neither block nor throw. */
public interface FailoverProgress {

  /** A part of the test begins: "load", "kill db2", "verify", … The one before it is over. */
  void phase(String title);

  /** Something worth saying happened. */
  void message(String text);

  /** Once a second while the load runs. */
  void second(Second second);

  /**
   * What clients did in the second that has just passed.
   *
   * @param sinceStart since the load began
   * @param writes acknowledged writes in it
   * @param reads answered reads in it
   * @param errors writes, reads and connection attempts in it that failed
   * @param readNodes the nodes that answered reads in it
   * @param writeNode the node that took the newest row that was read in it; empty: nothing was read
   */
  record Second(
      Duration sinceStart,
      long writes,
      long reads,
      long errors,
      Set<String> readNodes,
      String writeNode) {
    public Second {
      readNodes = Set.copyOf(readNodes);
    }

    /** One line for people. */
    public String line() {
      return "%3d s  %4d writes/s  %4d reads/s  %3d errors  writes: %s  reads: %s"
          .formatted(
              sinceStart.toSeconds(),
              writes,
              reads,
              errors,
              writeNode.isEmpty() ? "-" : writeNode,
              readNodes.isEmpty() ? "-" : String.join(", ", readNodes.stream().sorted().toList()));
    }
  }
}
