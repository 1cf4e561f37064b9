package dev.clusterctl.operation.failover;

import java.util.List;

/** How a fail-over test ended. */
public sealed interface FailoverResult {

  /**
   * The test wasn't made, as the cluster wasn't in a state in which it could say anything. Nothing
   * was broken.
   *
   * @param reasons a sentence each
   */
  record NotPossible(List<String> reasons) implements FailoverResult {
    public NotPossible {
      reasons = List.copyOf(reasons);
    }
  }

  /** It was made, and passed or didn't. */
  record Finished(FailoverReport report) implements FailoverResult {}
}
