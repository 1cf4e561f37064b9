package dev.clusterctl.dialect;

import dev.clusterctl.topology.Replication;
import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Replication.Consistency;
import dev.clusterctl.topology.Replication.ExitStateAction;
import dev.clusterctl.topology.Replication.Failover;
import dev.clusterctl.topology.Replication.Mode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How one version of MySQL wants things said. What a version has is in the tables {@link Feature}
 * and {@link ServerOption}; here is what follows from them.
 */
public final class Dialect {
  private static final String RECOVERY_PREFIX = "mysql_innodb_cluster_";

  /** MySQL refuses longer ones in CHANGE REPLICATION SOURCE TO. */
  public static final int MAX_REPLICATION_PASSWORD = 32;

  private static final String RECOVERY_CHANNEL = "group_replication_recovery";

  /** From 8.1 on, series with long-term support; all others are innovation releases. */
  private static final Set<String> LONG_TERM = Set.of("8.4", "9.7", "28.4");

  private final ServerVersion version;

  private Dialect(ServerVersion version) {
    this.version = version;
  }

  /** The dialect of a version. */
  public static Dialect of(ServerVersion version) {
    return new Dialect(version);
  }

  public ServerVersion version() {
    return version;
  }

  /** Whether the version can do that. */
  public boolean has(Feature feature) {
    return feature.versions().contains(version);
  }

  /** Whether clusterctl writes that option for this version. */
  public boolean has(ServerOption option) {
    return option.versions().contains(version);
  }

  /** Where the binary log is: columns File, Position, …, Executed_Gtid_Set. */
  public String showBinaryLogStatus() {
    return has(Feature.BINARY_LOG_STATUS) ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
  }

  /** Deletes all binary logs and the record of executed GTIDs. */
  public String resetBinaryLogs() {
    return has(Feature.BINARY_LOG_STATUS) ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER";
  }

  public String startReplica() {
    return "START " + replica();
  }

  public String stopReplica() {
    return "STOP " + replica();
  }

  /** The replicas that are connected to this server: columns Server_Id, Host, Port, … */
  public String showReplicas() {
    return has(Feature.REPLICA_STATEMENTS) ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS";
  }

  public String showReplicaStatus() {
    return "SHOW " + replica() + " STATUS";
  }

  /** Has a server forget what it received and not whom from: {@code RESET REPLICA}. */
  public String resetReplica() {
    return "RESET " + replica();
  }

  /** Forgets what the replica knows of its source: {@code RESET REPLICA ALL}. */
  public String resetReplicaAll() {
    return "RESET " + replica() + " ALL";
  }

  /**
   * Gives Group Replication the account with which a joining member reads from the others. The
   * server writes no password of this statement to its logs, but it is in clear in the statement.
   *
   * @param password at most {@link #MAX_REPLICATION_PASSWORD} characters
   * @throws IllegalArgumentException if the password is longer or has control characters
   */
  public String changeRecoverySource(String user, String password) {
    checkPassword(password);
    String form =
        has(Feature.REPLICA_STATEMENTS)
            ? "CHANGE REPLICATION SOURCE TO SOURCE_USER=%s, SOURCE_PASSWORD=%s FOR CHANNEL %s"
            : "CHANGE MASTER TO MASTER_USER=%s, MASTER_PASSWORD=%s FOR CHANNEL %s";
    return form.formatted(quote(user), quote(password), quote(RECOVERY_CHANNEL));
  }

  /**
   * Has a replica follow a source from wherever it stands (auto-position). Every setting whose
   * default differs between versions is written out.
   *
   * @param host the source's address
   * @param port its port
   * @param password at most {@link #MAX_REPLICATION_PASSWORD} characters; in clear in the statement
   * @throws IllegalArgumentException if the password is longer or has control characters
   */
  public String changeSource(String host, int port, String user, String password) {
    checkPassword(password);
    String source = has(Feature.REPLICA_STATEMENTS) ? "SOURCE" : "MASTER";
    String settings =
        "%1$s_HOST=%2$s, %1$s_PORT=%3$d, %1$s_USER=%4$s, %1$s_PASSWORD=%5$s, %1$s_AUTO_POSITION=1,"
            + " %1$s_SSL=1, %1$s_SSL_VERIFY_SERVER_CERT=0, %1$s_CONNECT_RETRY=1,"
            + " %1$s_RETRY_COUNT=4294967295, %1$s_HEARTBEAT_PERIOD=2, %1$s_DELAY=0";
    return (has(Feature.REPLICA_STATEMENTS) ? "CHANGE REPLICATION SOURCE TO " : "CHANGE MASTER TO ")
        + settings.formatted(source, quote(host), port, quote(user), quote(password))
        + (has(Feature.GET_SOURCE_PUBLIC_KEY) ? ", GET_%s_PUBLIC_KEY=1".formatted(source) : "");
  }

  /**
   * Whether the clone plugin can copy a server of another version to one of this version: from
   * 8.0.17 on between equal versions, from 8.0.37 and 8.4 on within a series.
   */
  public boolean canCloneFrom(ServerVersion donor) {
    if (!has(Feature.CLONE)) {
      return false;
    }
    return version.equals(donor)
        || (version.sameSeries(donor)
            && has(Feature.CLONE_WITHIN_SERIES)
            && of(donor).has(Feature.CLONE_WITHIN_SERIES));
  }

  /** The names that this version has for semi-synchronous replication. */
  public SemiSync semiSync() {
    return has(Feature.SEMI_SYNC_SOURCE)
        ? new SemiSync("source", "replica")
        : new SemiSync("master", "slave");
  }

  private static void checkPassword(String password) {
    if (password.length() > MAX_REPLICATION_PASSWORD) {
      throw new IllegalArgumentException(
          "the replication password is longer than MySQL takes: at most %d characters"
              .formatted(MAX_REPLICATION_PASSWORD));
    }
  }

  /**
   * What the account must be allowed with which members fetch from each other what they missed:
   * with communication stack MYSQL (8.0.27) GROUP_REPLICATION_STREAM and CONNECTION_ADMIN too, for
   * cloning (8.0.17) BACKUP_ADMIN.
   *
   * @return privileges on {@code *.*}, as GRANT takes them
   */
  public String recoveryPrivileges() {
    return "REPLICATION SLAVE"
        + (has(Feature.GROUP_REPLICATION_STREAM)
            ? ", GROUP_REPLICATION_STREAM, CONNECTION_ADMIN"
            : "")
        + (has(Feature.CLONE) ? ", BACKUP_ADMIN" : "");
  }

  /** A right that an account is given. */
  public record Right(String privileges, String on) {}

  /** The name under which AdminAPI knows the account with which a member recovers. */
  public static String recoveryUser(long serverId) {
    return RECOVERY_PREFIX + serverId;
  }

  /** Whether an account is one with which a member of an InnoDB Cluster recovers. */
  public static boolean isRecoveryUser(String user) {
    return user.matches(RECOVERY_PREFIX + "[0-9]+");
  }

  /**
   * What AdminAPI asks of the account that administers an InnoDB Cluster, each with the option to
   * grant it: MySQL Shell's manual, "Pre-requisites", and BACKUP_ADMIN and
   * GROUP_REPLICATION_STREAM, which it grants to the accounts for recovery.
   */
  public List<Right> clusterAdministration() {
    String metadata =
        "ALTER, ALTER ROUTINE, CREATE, CREATE ROUTINE, CREATE TEMPORARY TABLES, CREATE VIEW,"
            + " DELETE, DROP, EVENT, EXECUTE, INDEX, INSERT, LOCK TABLES, REFERENCES, SHOW VIEW,"
            + " TRIGGER, UPDATE";
    return List.of(
        new Right(
            "RELOAD, SHUTDOWN, PROCESS, FILE, SELECT, EXECUTE, REPLICATION SLAVE, REPLICATION"
                + " CLIENT, CREATE USER, SYSTEM_VARIABLES_ADMIN, PERSIST_RO_VARIABLES_ADMIN,"
                + " REPLICATION_APPLIER, REPLICATION_SLAVE_ADMIN, GROUP_REPLICATION_ADMIN,"
                + " ROLE_ADMIN, CONNECTION_ADMIN, CLONE_ADMIN, BACKUP_ADMIN"
                + (has(Feature.GROUP_REPLICATION_STREAM) ? ", GROUP_REPLICATION_STREAM" : ""),
            "*.*"),
        new Right(metadata, "`mysql_innodb_cluster_metadata`.*"),
        new Right(metadata, "`mysql_innodb_cluster_metadata_bkp`.*"),
        new Right(metadata, "`mysql_innodb_cluster_metadata_previous`.*"),
        new Right("INSERT, UPDATE, DELETE", "`mysql`.*"));
  }

  /**
   * What the account must be allowed with which a replica reads from its source; for cloning
   * (8.0.17) BACKUP_ADMIN.
   *
   * @return privileges on {@code *.*}, as GRANT takes them
   */
  public String replicationPrivileges() {
    return "REPLICATION SLAVE, REPLICATION CLIENT" + (has(Feature.CLONE) ? ", BACKUP_ADMIN" : "");
  }

  /**
   * The authentication plugin for a new account.
   *
   * @param clientNeedsNative whether who logs in knows nothing newer than mysql_native_password;
   *     see {@link ProxySqlCompatibility#needsNativePasswords}
   */
  public String authenticationPlugin(boolean clientNeedsNative) {
    boolean canNative = has(Feature.NATIVE_PASSWORD);
    return !has(Feature.CACHING_SHA2_PASSWORD) || (clientNeedsNative && canNative)
        ? "mysql_native_password"
        : "caching_sha2_password";
  }

  /** The component of MySQL's own package repository that has this version's series. */
  public String aptComponent() {
    if (version.before(8, 1, 0)) {
      return "mysql-" + version.series();
    }
    return LONG_TERM.contains(version.series())
        ? "mysql-" + version.series() + "-lts"
        : "mysql-innovation";
  }

  /**
   * An option as this version spells it: hyphens become underscores, a {@code loose_} is taken off,
   * an old name becomes the new one where the version has it.
   */
  public String optionName(String anySpelling) {
    String name = anySpelling.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    String plain = name.startsWith("loose_") ? name.substring("loose_".length()) : name;
    return ServerOption.of(plain)
        .filter(option -> !has(option))
        .flatMap(ServerOption::successor)
        .filter(successor -> ServerOption.of(successor).map(this::has).orElse(true))
        .orElse(plain);
  }

  /**
   * Whether this version would refuse the option. False doesn't mean that it knows it: only options
   * that some version has and another hasn't are in the table.
   */
  public boolean lacks(String anySpelling) {
    return ServerOption.of(optionName(anySpelling)).map(option -> !has(option)).orElse(false);
  }

  /**
   * What was asked for, completed with clusterctl's own defaults, less what the version hasn't got.
   *
   * <p>The defaults are chosen for fail-over that is fast and loses nothing:
   *
   * <ul>
   *   <li>A silent member is expelled as soon as it is suspected (after 5 s): with one primary
   *       killed, writes were away for 7 s instead of 21 s. The price: a network that is away for
   *       more than 5 s costs a member, which then rejoins by itself.
   *   <li>A member that has left its group against its will must not answer clients with old data,
   *       nor seem alive to a router: OFFLINE_MODE where there is one. Before 8.0.16 such a member
   *       never comes back by itself, so the server ends (ABORT_SERVER) and systemd starts it
   *       again, to join; between the two, READ_ONLY with automatic rejoining.
   *   <li>A new primary first applies what the old one left (BEFORE_ON_PRIMARY_FAILOVER), so that
   *       nobody reads the past after a fail-over. With many primaries the level means nothing.
   *   <li>A member in a minority gives up after 20 s instead of holding its clients' commits for
   *       ever.
   * </ul>
   */
  public FailoverSettings failover(Replication replication) {
    Failover asked = replication.failover();
    return new FailoverSettings(
        where(
            ServerOption.GROUP_REPLICATION_MEMBER_EXPEL_TIMEOUT,
            asked.memberExpelTimeout().orElse(0)),
        where(
            ServerOption.GROUP_REPLICATION_EXIT_STATE_ACTION,
            asked.exitStateAction().filter(this::canExitTo).orElseGet(this::defaultExit)),
        where(
            ServerOption.GROUP_REPLICATION_CONSISTENCY,
            asked
                .consistency()
                .orElse(
                    replication.mode() == Mode.SINGLE_PRIMARY
                        ? Consistency.BEFORE_ON_PRIMARY_FAILOVER
                        : Consistency.EVENTUAL)),
        where(ServerOption.GROUP_REPLICATION_AUTOREJOIN_TRIES, asked.autorejoinTries().orElse(3)),
        where(
            ServerOption.GROUP_REPLICATION_UNREACHABLE_MAJORITY_TIMEOUT,
            asked.unreachableMajorityTimeout().orElse(20)),
        has(Feature.COMMUNICATION_STACK)
            ? asked.communicationStack().orElse(CommunicationStack.MYSQL)
            : CommunicationStack.XCOM);
  }

  /** Whether the version's group_replication_exit_state_action knows that value. */
  public boolean canExitTo(ExitStateAction action) {
    return has(ServerOption.GROUP_REPLICATION_EXIT_STATE_ACTION)
        && (action != ExitStateAction.OFFLINE_MODE || has(Feature.EXIT_TO_OFFLINE_MODE));
  }

  private ExitStateAction defaultExit() {
    if (has(Feature.EXIT_TO_OFFLINE_MODE)) {
      return ExitStateAction.OFFLINE_MODE;
    }
    return has(ServerOption.GROUP_REPLICATION_AUTOREJOIN_TRIES)
        ? ExitStateAction.READ_ONLY
        : ExitStateAction.ABORT_SERVER;
  }

  private <T> Optional<T> where(ServerOption option, T value) {
    return has(option) ? Optional.of(value) : Optional.empty();
  }

  private String replica() {
    return has(Feature.REPLICA_STATEMENTS) ? "REPLICA" : "SLAVE";
  }

  /**
   * An SQL string literal. Right in every SQL mode: an apostrophe is doubled, and a backslash,
   * which means one thing or another by NO_BACKSLASH_ESCAPES, is refused.
   */
  private static String quote(String text) {
    if (text.chars().anyMatch(c -> c == '\\' || c < ' ')) {
      throw new IllegalArgumentException(
          "user names and passwords for replication may have no backslash or control character");
    }
    return "'" + text.replace("'", "''") + "'";
  }
}
