package dev.clusterctl.operation.upgrade;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.MySql;
import dev.clusterctl.topology.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * How far a node is on its way to another version. Asked anew each time: nothing of it is kept but
 * the {@link UpgradeMark} on the node's machine.
 *
 * @param running the version of the server that answers; empty where none does
 * @param installed the version of the server's program on the machine; empty where it can't be told
 * @param unfinished the version that the node had when its upgrade began, where that wasn't
 *     finished
 * @param writer whether the node takes the writes, or all of them where every node takes some
 * @param complaint why it doesn't take part in replication as it should, with what to do; empty
 *     where it does
 * @param prepared transactions that were prepared by {@code XA PREPARE} and wait for their end
 */
public record NodeState(
    NodeName node,
    Optional<ServerVersion> running,
    Optional<ServerVersion> installed,
    Optional<ServerVersion> unfinished,
    boolean writer,
    Optional<String> complaint,
    List<String> prepared) {
  public NodeState {
    prepared = List.copyOf(prepared);
  }

  /** Whether its server runs with the version that is asked for, and nothing is left to be done. */
  public boolean done(MySql wanted) {
    return running.filter(wanted::servedBy).isPresent() && unfinished.isEmpty();
  }

  /** Whether an upgrade of this node began and was cut short. */
  public boolean half(MySql wanted) {
    return unfinished.isPresent()
        || (running.isEmpty() && installed.filter(wanted::servedBy).isPresent());
  }

  /** The version that its data is of, as far as that is known. */
  public Optional<ServerVersion> from() {
    return unfinished.or(() -> running);
  }
}
