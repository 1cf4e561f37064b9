package dev.clusterctl.operation.seeding;

import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.topology.Node;
import dev.clusterctl.waiting.WaitTimeoutException;
import java.io.IOException;
import java.util.function.Consumer;

/** A way to replace a server's data by a copy of another one's. */
public interface Seeding {

  /** Why a replica needs a copy of its source's data, if it does. */
  enum Need {
    NONE,
    /** It is empty, and the source isn't. */
    EMPTY,
    /** The source has purged binary logs that it would need. */
    PURGED
  }

  /** As cluster.yaml spells it: {@code clone}. */
  String label();

  /**
   * Replaces all data of the recipient by the donor's. Afterwards the recipient's server runs, is
   * read-only, follows nobody, and {@code gtid_executed} says what it has. May be run again after
   * it was interrupted anywhere.
   */
  void seed(Node donor, Node recipient, Consumer<String> progress)
      throws IOException, InterruptedException, WaitTimeoutException;

  /** Whether a replica can only go on with a copy of its source's data. */
  static Need need(ReplicaObservation replica, ReplicaObservation source) {
    if (replica.executed().isEmpty()) {
      return source.executed().isEmpty() ? Need.NONE : Need.EMPTY;
    }
    return replica.executed().contains(source.purged()) ? Need.NONE : Need.PURGED;
  }
}
