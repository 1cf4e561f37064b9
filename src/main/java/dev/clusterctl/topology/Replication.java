package dev.clusterctl.topology;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * How the nodes replicate.
 *
 * @param groupName {@code group_replication_group_name}
 * @param failover what decides how fast and how safely the group gets over the loss of a member
 */
public record Replication(Type type, Mode mode, UUID groupName, Failover failover) {

  /** The kind of replication. */
  public enum Type {
    GROUP,
    SOURCE_REPLICA,
    INNODB_CLUSTER
  }

  /** Who takes writes. */
  public enum Mode {
    MULTI_PRIMARY,
    SINGLE_PRIMARY
  }

  /** Group Replication's communication stack. */
  public enum CommunicationStack {
    XCOM,
    MYSQL
  }

  /** {@code group_replication_exit_state_action}. */
  public enum ExitStateAction {
    READ_ONLY,
    OFFLINE_MODE,
    ABORT_SERVER
  }

  /** {@code group_replication_consistency}. */
  public enum Consistency {
    EVENTUAL,
    BEFORE_ON_PRIMARY_FAILOVER,
    BEFORE,
    AFTER,
    BEFORE_AND_AFTER
  }

  /**
   * Settings of fail-over; an empty one leaves the choice to {@code
   * dev.clusterctl.dialect.Dialect}, which knows what the version can do and what is fast and safe.
   *
   * @param memberExpelTimeout seconds that a silent member stays suspected before it is expelled,
   *     after the 5 s that it takes to be suspected; 0 to 3600
   * @param autorejoinTries how often an expelled member tries to rejoin, 0 to 2016, five minutes
   *     apart
   * @param unreachableMajorityTimeout seconds that a member in a minority waits before it leaves; 0
   *     waits for ever; 0 to 31536000
   */
  public record Failover(
      Optional<Integer> memberExpelTimeout,
      Optional<ExitStateAction> exitStateAction,
      Optional<Consistency> consistency,
      Optional<Integer> autorejoinTries,
      Optional<Integer> unreachableMajorityTimeout,
      Optional<CommunicationStack> communicationStack) {}

  /** An enum constant as cluster.yaml spells it: {@code multi-primary}. */
  public static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
