package dev.clusterctl.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.topology.Replication;
import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Replication.ExitStateAction;
import dev.clusterctl.topology.Replication.Mode;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectTest {

  @ParameterizedTest
  @CsvSource({
    "5.7.44, SHOW MASTER STATUS, RESET MASTER, SLAVE",
    "8.0.22, SHOW MASTER STATUS, RESET MASTER, SLAVE",
    "8.0.23, SHOW MASTER STATUS, RESET MASTER, REPLICA",
    "8.1.0, SHOW MASTER STATUS, RESET MASTER, REPLICA",
    "8.2.0, SHOW BINARY LOG STATUS, RESET BINARY LOGS AND GTIDS, REPLICA",
    "9.7.4, SHOW BINARY LOG STATUS, RESET BINARY LOGS AND GTIDS, REPLICA",
    "26.7.0, SHOW BINARY LOG STATUS, RESET BINARY LOGS AND GTIDS, REPLICA",
  })
  void statementsAreSaidAsTheVersionSaysThem(
      String version, String status, String reset, String replica) {
    Dialect dialect = dialect(version);
    assertThat(dialect.showBinaryLogStatus()).isEqualTo(status);
    assertThat(dialect.resetBinaryLogs()).isEqualTo(reset);
    assertThat(dialect.startReplica()).isEqualTo("START " + replica);
    assertThat(dialect.stopReplica()).isEqualTo("STOP " + replica);
    assertThat(dialect.showReplicaStatus()).isEqualTo("SHOW " + replica + " STATUS");
    assertThat(dialect.resetReplicaAll()).isEqualTo("RESET " + replica + " ALL");
  }

  @ParameterizedTest
  @CsvSource({
    "8.0.16, 8.0.16, false",
    "8.0.17, 8.0.17, true",
    "8.0.36, 8.0.36, true",
    "8.0.36, 8.0.37, false",
    "8.0.37, 8.0.36, false",
    "8.0.37, 8.0.40, true",
    "8.3.0, 8.3.0, true",
    "8.4.0, 8.4.2, true",
    "8.0.40, 8.4.0, false",
    "9.7.4, 9.7.5, true",
    "5.7.44, 5.7.44, false",
  })
  void aServerIsClonedToOneOfItsOwnKindOnly(String donor, String recipient, boolean can) {
    assertThat(dialect(recipient).canCloneFrom(dialect(donor).version())).isEqualTo(can);
  }

  @ParameterizedTest
  @CsvSource({
    "START_GROUP_REPLICATION_USER, 8.0.20, 8.0.21",
    "REPLICA_STATEMENTS, 8.0.22, 8.0.23",
    "BINARY_LOG_STATUS, 8.1.0, 8.2.0",
    "CACHING_SHA2_PASSWORD, 8.0.3, 8.0.4",
    "NATIVE_PASSWORD_SWITCHED_OFF, 8.3.0, 8.4.0",
    "DYNAMIC_PRIVILEGES, 5.7.44, 8.0.0",
    "CLONE_ADMIN, 8.0.16, 8.0.17",
    "GROUP_REPLICATION_STREAM, 8.0.26, 8.0.27",
    "MEMBER_ROLE, 8.0.1, 8.0.2",
    "SET_AS_PRIMARY, 8.0.12, 8.0.13",
    "CLONE, 8.0.16, 8.0.17",
    "CLONE_WITHIN_SERIES, 8.0.36, 8.0.37",
    "ROLES, 5.7.44, 8.0.0",
    "HASHES_AS_HEXADECIMAL, 8.0.16, 8.0.17",
    "DUMP_SOURCE_DATA, 8.0.25, 8.0.26",
    "DUMP_COLUMN_STATISTICS, 8.0.1, 8.0.2",
    "MAKES_CERTIFICATES, 5.7.27, 5.7.28",
    "SET_PERSIST, 5.7.44, 8.0.0",
    "VALIDATE_CONFIG, 8.0.15, 8.0.16",
    "STATS_OF_EVERY_MEMBER, 8.0.1, 8.0.2",
    "BIND_ADDRESS_LIST, 8.0.12, 8.0.13",
    "GTID_TAGS, 8.2.0, 8.3.0",
    "TLS_FOR_CURRENT_CLIENTS, 5.7.27, 5.7.28",
    "CHECKSUMS_IN_GROUPS, 8.0.20, 8.0.21",
    "EXIT_TO_OFFLINE_MODE, 8.0.17, 8.0.18",
    "SMALL_MESSAGE_CACHE, 8.0.20, 8.0.21",
    "COMMUNICATION_STACK, 8.0.26, 8.0.27",
  })
  void aFeatureBeginsAtItsVersion(Feature feature, String last, String first) {
    assertThat(dialect(last).has(feature)).isFalse();
    assertThat(dialect(first).has(feature)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "NATIVE_PASSWORD, 8.4.99, 9.0.0",
    "NATIVE_PASSWORD_SWITCHED_OFF, 8.4.99, 9.0.0",
  })
  void aFeatureEndsBeforeItsVersion(Feature feature, String last, String gone) {
    assertThat(dialect(last).has(feature)).isTrue();
    assertThat(dialect(gone).has(feature)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "GROUP_REPLICATION_IP_ALLOWLIST, 8.0.21, 8.0.22",
    "GROUP_REPLICATION_UNREACHABLE_MAJORITY_TIMEOUT, 5.7.18, 5.7.19",
    "GROUP_REPLICATION_UNREACHABLE_MAJORITY_TIMEOUT, 8.0.1, 8.0.2",
    "GROUP_REPLICATION_MEMBER_WEIGHT, 5.7.19, 5.7.20",
    "GROUP_REPLICATION_EXIT_STATE_ACTION, 5.7.23, 5.7.24",
    "GROUP_REPLICATION_EXIT_STATE_ACTION, 8.0.11, 8.0.12",
    "GROUP_REPLICATION_MEMBER_EXPEL_TIMEOUT, 8.0.12, 8.0.13",
    "GROUP_REPLICATION_CONSISTENCY, 8.0.13, 8.0.14",
    "GROUP_REPLICATION_AUTOREJOIN_TRIES, 8.0.15, 8.0.16",
    "GROUP_REPLICATION_MESSAGE_CACHE_SIZE, 8.0.15, 8.0.16",
    "GROUP_REPLICATION_CLONE_THRESHOLD, 8.0.16, 8.0.17",
    "GROUP_REPLICATION_COMMUNICATION_STACK, 8.0.26, 8.0.27",
    "BINLOG_EXPIRE_LOGS_SECONDS, 8.0.0, 8.0.1",
    "INNODB_REDO_LOG_CAPACITY, 8.0.29, 8.0.30",
    "LOG_REPLICA_UPDATES, 8.0.25, 8.0.26",
    "REPLICA_PARALLEL_TYPE, 8.0.25, 8.0.26",
    "MYSQL_NATIVE_PASSWORD, 8.3.0, 8.4.0",
  })
  void anOptionBeginsAtItsVersion(ServerOption option, String last, String first) {
    assertThat(dialect(last).has(option)).isFalse();
    assertThat(dialect(first).has(option)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "MASTER_INFO_REPOSITORY, 8.2.0, 8.3.0",
    "TRANSACTION_WRITE_SET_EXTRACTION, 8.2.0, 8.3.0",
    "GROUP_REPLICATION_IP_WHITELIST, 8.0.21, 8.0.22",
    "DEFAULT_AUTHENTICATION_PLUGIN, 8.3.0, 8.4.0",
    "BINLOG_TRANSACTION_DEPENDENCY_TRACKING, 8.3.0, 8.4.0",
    "EXPIRE_LOGS_DAYS, 8.1.0, 8.2.0",
    "REPLICA_PARALLEL_TYPE, 9.4.0, 9.5.0",
    "MYSQL_NATIVE_PASSWORD, 8.4.99, 9.0.0",
  })
  void anOptionEndsBeforeItsVersion(ServerOption option, String last, String gone) {
    assertThat(dialect(last).has(option)).isTrue();
    assertThat(dialect(gone).has(option)).isFalse();
    assertThat(dialect(last).lacks(option.spelling())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "5.7.23, log-slave-updates, log_slave_updates",
    "9.7.4, log-slave-updates, log_replica_updates",
    "8.0.21, loose-group_replication_ip_whitelist, group_replication_ip_whitelist",
    "8.0.22, loose_group_replication_ip_whitelist, group_replication_ip_allowlist",
    "9.7.4, MAX-Connections, max_connections",
  })
  void anOptionHasOneSpellingPerVersion(String version, String any, String own) {
    assertThat(dialect(version).optionName(any)).isEqualTo(own);
  }

  @ParameterizedTest
  @CsvSource({
    "5.7.23, ,",
    "5.7.24, ABORT_SERVER,",
    "8.0.15, ABORT_SERVER,",
    "8.0.16, READ_ONLY, 3",
    "8.0.17, READ_ONLY, 3",
    "8.0.18, OFFLINE_MODE, 3",
    "9.7.4, OFFLINE_MODE, 3",
  })
  void aMemberThatHadToLeaveDoesTheBestItsVersionCan(
      String version, ExitStateAction action, Integer tries) {
    FailoverSettings settings =
        dialect(version).failover(replication(Mode.MULTI_PRIMARY, Optional.empty()));
    assertThat(settings.exitStateAction()).isEqualTo(Optional.ofNullable(action));
    assertThat(settings.autorejoinTries()).isEqualTo(Optional.ofNullable(tries));
  }

  @Test
  void whatTheUserAsksForWinsWhereTheVersionHasIt() {
    Replication asked = replication(Mode.SINGLE_PRIMARY, Optional.of(CommunicationStack.MYSQL));
    assertThat(dialect("8.0.27").failover(asked).communicationStack())
        .isEqualTo(CommunicationStack.MYSQL);
    assertThat(dialect("8.0.26").failover(asked).communicationStack())
        .isEqualTo(CommunicationStack.XCOM);
  }

  @Test
  void theRecoveryAccountIsQuoted() {
    assertThat(dialect("5.7.44").changeRecoverySource("o'neil", "p'w"))
        .isEqualTo(
            "CHANGE MASTER TO MASTER_USER='o''neil', MASTER_PASSWORD='p''w' FOR CHANNEL"
                + " 'group_replication_recovery'");
    assertThat(dialect("8.4.0").changeRecoverySource("r", "s"))
        .isEqualTo(
            "CHANGE REPLICATION SOURCE TO SOURCE_USER='r', SOURCE_PASSWORD='s' FOR CHANNEL"
                + " 'group_replication_recovery'");
  }

  @Test
  void aPasswordThatMySqlWouldRefuseIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> dialect("8.4.0").changeRecoverySource("r", "x".repeat(33)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32")
        .hasMessageNotContaining("xxx");
    assertThatThrownBy(() -> dialect("8.4.0").changeRecoverySource("r", "a\\b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("a\\b");
  }

  @ParameterizedTest
  @CsvSource({
    "5.7.23, false, mysql_native_password",
    "8.0.36, false, caching_sha2_password",
    "8.4.3, true, mysql_native_password",
    "9.7.4, true, caching_sha2_password",
  })
  void accountsLogInAsServerAndClientCan(String version, boolean needsNative, String plugin) {
    assertThat(dialect(version).authenticationPlugin(needsNative)).isEqualTo(plugin);
  }

  @ParameterizedTest
  @CsvSource({
    "5.7.44, mysql-5.7",
    "8.0.36, mysql-8.0",
    "8.4.0, mysql-8.4-lts",
    "9.6.0, mysql-innovation",
    "9.7.4, mysql-9.7-lts",
    "26.7.0, mysql-innovation",
  })
  void mysqlsOwnRepositoryHasAComponentPerSeries(String version, String component) {
    assertThat(dialect(version).aptComponent()).isEqualTo(component);
  }

  private static Dialect dialect(String version) {
    return Dialect.of(ServerVersion.parse(version).orElseThrow());
  }

  private static Replication replication(Mode mode, Optional<CommunicationStack> stack) {
    return new Replication(
        Replication.Type.GROUP,
        mode,
        new UUID(1, 2),
        new Replication.Failover(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            stack),
        Optional.empty());
  }
}
