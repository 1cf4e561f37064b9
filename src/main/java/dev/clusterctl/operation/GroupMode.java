package dev.clusterctl.operation;

import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.topology.Replication;
import java.util.List;
import java.util.Optional;

/**
 * Whether a running group takes writes on one member or on all, beside what cluster.yaml says.
 *
 * <p>A member that was restarted with another mode's options would not be let in again. So nothing
 * may be changed while the two differ.
 */
public final class GroupMode {
  private GroupMode() {}

  /**
   * The mode of the group that somebody sees. With one member it can't be told, and may change: its
   * restart begins the group anew.
   */
  public static Optional<Replication.Mode> of(List<NodeObservation> observations) {
    for (NodeObservation one : observations) {
      List<GroupMember> online =
          one.members().stream().filter(m -> m.state() == GroupMember.State.ONLINE).toList();
      long primaries = online.stream().filter(GroupMember::primary).count();
      if (one.hasMajority() && online.size() > 1 && primaries > 0) {
        return Optional.of(
            primaries == 1 ? Replication.Mode.SINGLE_PRIMARY : Replication.Mode.MULTI_PRIMARY);
      }
    }
    return Optional.empty();
  }

  /** What is wrong, and what to do; empty where the group is as the file says. */
  static Optional<MySqlException> contradiction(
      Replication.Mode wanted, List<NodeObservation> observations) {
    return of(observations)
        .filter(is -> is != wanted)
        .map(
            is ->
                new MySqlException(
                    "the group runs in %s mode, and cluster.yaml says replication.mode %s"
                        .formatted(Replication.label(is), Replication.label(wanted)),
                    0,
                    "the mode of a group with data stays as it was made: put mode %s back; or make a"
                            .formatted(Replication.label(is))
                        + " new cluster of a backup (clusterctl backup, clusterctl restore)",
                    null));
  }

  /**
   * Refuses to go on where the group runs in another mode than the file says.
   *
   * @throws MySqlException if it does
   */
  public static void require(Replication.Mode wanted, List<NodeObservation> observations)
      throws MySqlException {
    Optional<MySqlException> contradiction = contradiction(wanted, observations);
    if (contradiction.isPresent()) {
      throw contradiction.get();
    }
  }
}
