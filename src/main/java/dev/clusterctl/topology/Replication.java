package dev.clusterctl.topology;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * How the nodes replicate.
 *
 * @param mode always {@link Mode#SINGLE_PRIMARY} with {@link Type#SOURCE_REPLICA}
 * @param groupName {@code group_replication_group_name}; means nothing without a group
 * @param failover what decides how fast and how safely the group gets over the loss of a member
 * @param sourceReplica with {@link Type#SOURCE_REPLICA}, and only then
 */
public record Replication(
    Type type,
    Mode mode,
    UUID groupName,
    Failover failover,
    Optional<SourceReplica> sourceReplica) {

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

  /** How a replica comes by the data that its source has and can't send any more. */
  public enum Seeding {
    /** The best that both servers and their machines can. */
    AUTO,
    /** The clone plugin, from MySQL 8.0.17 on. */
    CLONE,
    /** Percona XtraBackup, which has to be on both machines. */
    XTRABACKUP,
    /** A logical copy, by any version. */
    MYSQLDUMP
  }

  /**
   * Settings of replication from one source.
   *
   * @param source where replication begins. After a change of roles the servers themselves say who
   *     is the source
   * @param semiSync whether a commit waits until a replica has received it
   */
  public record SourceReplica(NodeName source, Seeding seeding, boolean semiSync) {}

  /** Whether there is a group, as opposed to one source and its replicas. */
  public boolean hasGroup() {
    return sourceReplica.isEmpty();
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
