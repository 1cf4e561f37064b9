package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.ReplicationChannel.Failure;
import dev.clusterctl.topology.NodeName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the words of real servers: 5.7.22, and 9.7.4. */
class ReplicaDiagnosisTest {
  private static final String SOURCE = "10.0.0.1";
  private static final String UUID = "0af9e292-e56b-11f1-a6a4-02420a63220b";
  private static final String OWN = "0a23b6a4-e56b-11f1-bd57-02420a63220c";

  private static final String COORDINATOR =
      "Coordinator stopped because there were error(s) in the worker(s). The most recent failure"
          + " being: Worker 1 failed executing transaction '0af9e292-e56b-11f1-a6a4-02420a63220b:10' at"
          + " source log binlog.000002, end_log_pos 2863. See error log and/or"
          + " performance_schema.replication_applier_status_by_worker table for more details about this"
          + " failure or others, if any.";
  private static final String WORKER =
      "Worker 1 failed executing transaction '0af9e292-e56b-11f1-a6a4-02420a63220b:10' at source log"
          + " binlog.000002, end_log_pos 2863; ";

  private static final String PURGED_57 =
      "Got fatal error 1236 from master when reading data from binary log: 'The slave is connecting"
          + " using CHANGE MASTER TO MASTER_AUTO_POSITION = 1, but the master has purged binary logs"
          + " containing GTIDs that the slave requires.'";
  private static final String PURGED_97 =
      "Got fatal error 1236 from source when reading data from binary log: 'Cannot replicate because"
          + " the source purged required binary logs. Replicate the missing transactions from elsewhere,"
          + " or provision a new replica from backup. Consider increasing the source's binary log"
          + " expiration period. The GTID set sent by the replica is"
          + " '0af9e292-e56b-11f1-a6a4-02420a63220b:1-11', and the missing transactions are"
          + " '0af9e292-e56b-11f1-a6a4-02420a63220b:12''";
  private static final String RELAY_57 =
      "Relay log read failure: Could not parse relay log event entry. The possible reasons are: the"
          + " master's binary log is corrupted (you can check this by running 'mysqlbinlog' on the binary"
          + " log), the slave's relay log is corrupted (you can check this by running 'mysqlbinlog' on the"
          + " relay log), a network problem, or a bug in the master's or slave's MySQL code.";
  private static final String RELAY_97 =
      "Relay log read failure: Could not parse relay log event entry. The possible reasons are: the"
          + " source's binary log is corrupted (you can check this by running 'mysqlbinlog' on the binary"
          + " log), the replica's relay log is corrupted (you can check this by running 'mysqlbinlog' on"
          + " the relay log), a network problem, the server was unable to fetch a keyring key required to"
          + " open an encrypted relay log file, or a bug in the source's or replica's MySQL code.";

  @Test
  void nothingIsWrongWithOneThatReceivesAndApplies() {
    assertThat(diagnose(channel("Yes", true), "1-10", "1-10", "")).isEmpty();
    assertThat(diagnose(channel("Yes", true), "1-8", "1-10", "1-5")).isEmpty();
  }

  @Test
  void purgedTransactionsAreNamedByTheSetsAloneAlsoWhereItIsStopped() {
    ReplicaDiagnosis first = diagnose(channel("No", false), "1-4", "1-10", "1-6").get(0);
    assertThat(first.code()).isEqualTo("purged");
    assertThat(first.text()).contains("2 transactions (" + UUID + ":5-6)").contains("db1");
    assertThat(first.repair()).startsWith("clusterctl reseed db2");
  }

  @Test
  void whatWasReceivedAlreadyIsntMissedThoughTheSourcePurgedIt() {
    ReplicationChannel channel =
        channel("Yes", true, "5-10", Optional.empty(), Optional.empty(), Optional.of(1L));
    assertThat(diagnose(channel, "1-4", "1-10", "1-6")).isEmpty();
  }

  @Test
  void whatWasReceivedCountsForNothingWhereTheRelayLogCantBeRead() {
    ReplicationChannel channel =
        channel(
            "Yes",
            false,
            "5-10",
            Optional.empty(),
            Optional.of(new Failure(13121, RELAY_97)),
            Optional.empty());
    assertThat(codes(diagnose(channel, "1-4", "1-10", "1-6")))
        .containsExactly("purged", "relay-log-broken");
  }

  @ParameterizedTest
  @CsvSource({"1236, 5.7", "13114, 9.7"})
  void purgedTransactionsAreNamedByTheErrorToo(int code, String version) {
    String said = version.equals("5.7") ? PURGED_57 : PURGED_97;
    List<ReplicaDiagnosis> all = diagnose(receiving("No", code, said), "1-10", "1-10", "");
    assertThat(codes(all)).containsExactly("purged");
    assertThat(all.get(0).text())
        .contains(version.equals("5.7") ? "transactions" : "1 transaction (" + UUID + ":12)");
  }

  @Test
  void errantTransactionsAreCountedAndNamed() {
    ReplicaDiagnosis only =
        ReplicaDiagnosis.ofReplica(
                replica(channel("Yes", true), GtidSet.parse(UUID + ":1-10," + OWN + ":1-2"), false),
                ReplicaSymptoms.NONE,
                Optional.of(source("1-10", "")))
            .get(0);
    assertThat(only.code()).isEqualTo("errant-transactions");
    assertThat(only.sentence())
        .contains("2 transactions")
        .contains(OWN + ":1-2")
        .contains("reseed");
  }

  @Test
  void aReplicaThatIsAheadOfItsSourceIsErrantOnce() {
    String said =
        "Got fatal error 1236 from master when reading data from binary log: 'Slave has more GTIDs"
            + " than the master has, using the master's SERVER_UUID. This may indicate that the end of"
            + " the binary log was truncated or that the last binary log file was lost'";
    assertThat(codes(diagnose(receiving("No", 1236, said), "1-12", "1-10", "")))
        .containsExactly("errant-transactions");
    assertThat(
            codes(
                ReplicaDiagnosis.ofReplica(
                    replica(receiving("No", 1236, said), set("1-12"), false),
                    ReplicaSymptoms.NONE,
                    Optional.empty())))
        .containsExactly("errant-transactions");
  }

  @Test
  void aSourceThatCantReadItsLogIsSaidToBeTheOne() {
    String said =
        "Got fatal error 1236 from source when reading data from binary log: 'log event entry exceeded"
            + " max_allowed_packet; Increase max_allowed_packet on source'";
    ReplicaDiagnosis only = diagnose(receiving("No", 13114, said), "1-9", "1-10", "").get(0);
    assertThat(only.code()).isEqualTo("source-log-unreadable");
    assertThat(only.text()).contains("db1 can't read").contains("exceeded max_allowed_packet");
  }

  @Test
  void aDuplicateKeyIsNamedWithTableAndEntryByTheWorkersWords() {
    String said =
        WORKER
            + "Could not execute Write_rows event on table app.t; Duplicate entry '5' for key"
            + " 't.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's source"
            + " log binlog.000002, end_log_pos 2863";
    ReplicaDiagnosis only = applying(1062, COORDINATOR, said).get(0);
    assertThat(only)
        .isEqualTo(
            new ReplicaDiagnosis.DuplicateKey(
                new NodeName("db2"), "app.t", "Duplicate entry '5' for key 't.PRIMARY'"));
  }

  @Test
  void aDuplicateKeyIsNamedWhereThereAreNoWorkersAsIn57() {
    String said =
        "Could not execute Write_rows event on table app.t; Duplicate entry '5' for key 'PRIMARY',"
            + " Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's master log"
            + " binlog.000002, end_log_pos 1187";
    assertThat(applying(1062, said))
        .containsExactly(
            new ReplicaDiagnosis.DuplicateKey(
                new NodeName("db2"), "app.t", "Duplicate entry '5' for key 'PRIMARY'"));
  }

  @Test
  void aMissingRowIsNamedWithItsTable() {
    String said =
        WORKER
            + "Could not execute Update_rows event on table app.t; Can't find record in 't',"
            + " Error_code: 1032; handler error HA_ERR_KEY_NOT_FOUND; the event's source log"
            + " binlog.000002, end_log_pos 3157";
    assertThat(applying(1032, COORDINATOR, said))
        .containsExactly(new ReplicaDiagnosis.MissingRow(new NodeName("db2"), "app.t"));
  }

  @Test
  void whateverElseCantBeAppliedIsQuotedWithoutWhereItIsInTheLog() {
    String said =
        WORKER
            + "Error 'Can't create database 'x'; database exists' on query. Default database: 'x'."
            + " Query: 'create database x'";
    ReplicaDiagnosis only = applying(1007, COORDINATOR, said).get(0);
    assertThat(only.code()).isEqualTo("cannot-apply");
    assertThat(only.text()).contains("what the source did: Error 'Can't create database 'x'");
  }

  @ParameterizedTest
  @CsvSource({"1594, 5.7", "13121, 9.7"})
  void aBrokenRelayLogIsRepairedByUp(int code, String version) {
    ReplicaDiagnosis only = applying(code, version.equals("5.7") ? RELAY_57 : RELAY_97).get(0);
    assertThat(only.code()).isEqualTo("relay-log-broken");
    assertThat(only.repair()).startsWith("clusterctl up");
  }

  @Test
  void aTableThatIsFullIsAFullDisk() {
    String said =
        WORKER
            + "Could not execute Write_rows event on table app.t; The table 't' is full, Error_code:"
            + " 1114; handler error HA_ERR_RECORD_FILE_FULL; the event's source log binlog.000002,"
            + " end_log_pos 9";
    assertThat(codes(applying(1114, COORDINATOR, said))).containsExactly("disk-full");
  }

  @Test
  void aServerThatWaitsForRoomIsAFullDiskThoughItsThreadsRun() {
    ReplicaSymptoms waiting =
        new ReplicaSymptoms(List.of(), true, Optional.of(65_536L), Optional.empty());
    List<ReplicaDiagnosis> all =
        ReplicaDiagnosis.ofReplica(
            replica(channel("Yes", true), set("1-9"), false),
            waiting,
            Optional.of(source("1-10", "")));
    assertThat(codes(all)).containsExactly("disk-full");
    assertThat(all.get(0).sentence()).contains("0 MB free").contains("df -h");
    assertThat(codes(ReplicaDiagnosis.ofSource(source("1-10", ""), waiting, false)))
        .containsExactly("disk-full");
  }

  @Test
  void aRefusedAccountIsNamedWithTheServersReason() {
    String said =
        "error connecting to master 'clusterctl_repl@10.0.0.1:3306' - retry-time: 1 retries: 5"
            + " message: Access denied for user 'clusterctl_repl'@'10.0.0.2' (using password: YES)";
    ReplicaDiagnosis only = diagnose(receiving("Connecting", 1045, said), "1-9", "1-10", "").get(0);
    assertThat(only.code()).isEqualTo("cannot-log-in");
    assertThat(only.text()).contains("Access denied").doesNotContain("retry-time");
  }

  @Test
  void aSourceThatDoesntAnswerIsNamed() {
    String said =
        "Error connecting to source 'clusterctl_repl@10.0.0.1:3306'. This was attempt 3/4294967295,"
            + " with a delay of 1 seconds between attempts. Message: Can't connect to MySQL server on"
            + " '10.0.0.1:3306' (111)";
    List<ReplicaDiagnosis> all =
        ReplicaDiagnosis.ofReplica(
            replica(receiving("Connecting", 2003, said), set("1-9"), false),
            ReplicaSymptoms.NONE,
            Optional.empty());
    assertThat(codes(all)).containsExactly("source-unreachable");
    assertThat(all.get(0).text())
        .endsWith("Can't connect to MySQL server on '10.0.0.1:3306' (111)");
  }

  @Test
  void oneThatWasStoppedWithoutAnErrorIsStartedByUp() {
    assertThat(codes(diagnose(channel("No", false), "1-9", "1-10", ""))).containsExactly("stopped");
    assertThat(codes(diagnose(channel("Yes", false), "1-9", "1-10", "")))
        .containsExactly("stopped");
    assertThat(codes(diagnose(channel("No", true), "1-9", "1-10", ""))).containsExactly("stopped");
  }

  @Test
  void lagIsSaidInSecondsAndTransactionsFromAMinuteOn() {
    ReplicationChannel channel =
        channel("Yes", true, "1-10", Optional.empty(), Optional.empty(), Optional.of(75L));
    ReplicaDiagnosis only = diagnose(channel, "1-4", "1-10", "").get(0);
    assertThat(only.code()).isEqualTo("lags");
    assertThat(only.text()).contains("75 s and 6 transactions");
  }

  @Test
  void whoTakesWritesFollowsAnotherOrNobodyIsNamed() {
    assertThat(
            codes(
                ReplicaDiagnosis.ofReplica(
                    replica(channel("Yes", true), set("1-10"), true),
                    ReplicaSymptoms.NONE,
                    Optional.of(source("1-10", "")))))
        .containsExactly("takes-writes");
    ReplicaObservation alone =
        new ReplicaObservation(
            new NodeName("db2"),
            "10.0.0.2",
            OWN,
            "9.7.4",
            false,
            set("1-10"),
            GtidSet.EMPTY,
            Optional.empty());
    assertThat(
            codes(
                ReplicaDiagnosis.ofReplica(
                    alone, ReplicaSymptoms.NONE, Optional.of(source("1-10", "")))))
        .containsExactly("follows-nobody");
    ReplicaObservation other =
        new ReplicaObservation(
            new NodeName("db3"),
            "10.0.0.3",
            UUID,
            "9.7.4",
            true,
            set("1-10"),
            GtidSet.EMPTY,
            Optional.empty());
    assertThat(
            codes(
                ReplicaDiagnosis.ofReplica(
                    replica(channel("Yes", true), set("1-10"), false),
                    ReplicaSymptoms.NONE,
                    Optional.of(other))))
        .containsExactly("follows-another");
  }

  @Test
  void semiSyncIsDegradedOnlyWhereItWasAskedFor() {
    assertThat(codes(ReplicaDiagnosis.ofSource(source("1", ""), semiSync(true, false, 1), true)))
        .containsExactly("semi-sync-degraded");
    assertThat(codes(ReplicaDiagnosis.ofSource(source("1", ""), semiSync(true, true, 0), true)))
        .containsExactly("semi-sync-degraded");
    assertThat(codes(ReplicaDiagnosis.ofSource(source("1", ""), semiSync(false, false, 1), true)))
        .containsExactly("semi-sync-off");
    assertThat(ReplicaDiagnosis.ofSource(source("1", ""), semiSync(true, true, 1), true)).isEmpty();
    assertThat(ReplicaDiagnosis.ofSource(source("1", ""), semiSync(false, false, 0), false))
        .isEmpty();
  }

  private static ReplicaSymptoms semiSync(boolean enabled, boolean waiting, int replicas) {
    return new ReplicaSymptoms(
        List.of(),
        false,
        Optional.empty(),
        Optional.of(new SemiSyncState(enabled, waiting, replicas)));
  }

  private static List<ReplicaDiagnosis> diagnose(
      ReplicationChannel channel, String executed, String sources, String purged) {
    return ReplicaDiagnosis.ofReplica(
        replica(channel, set(executed), false),
        ReplicaSymptoms.NONE,
        Optional.of(source(sources, purged)));
  }

  private static List<ReplicaDiagnosis> applying(int code, String coordinator, String... workers) {
    ReplicationChannel channel =
        channel(
            "Yes",
            false,
            "1-10",
            Optional.empty(),
            Optional.of(new Failure(code, coordinator)),
            Optional.empty());
    return ReplicaDiagnosis.ofReplica(
        replica(channel, set("1-9"), false),
        new ReplicaSymptoms(
            List.of(workers).stream().map(w -> new Failure(code, w)).toList(),
            false,
            Optional.empty(),
            Optional.empty()),
        Optional.of(source("1-10", "")));
  }

  private static List<String> codes(List<ReplicaDiagnosis> all) {
    return all.stream().map(ReplicaDiagnosis::code).toList();
  }

  private static ReplicaObservation replica(
      ReplicationChannel channel, GtidSet executed, boolean writable) {
    return new ReplicaObservation(
        new NodeName("db2"),
        "10.0.0.2",
        OWN,
        "9.7.4",
        writable,
        executed,
        GtidSet.EMPTY,
        Optional.of(channel));
  }

  private static ReplicaObservation source(String executed, String purged) {
    return new ReplicaObservation(
        new NodeName("db1"),
        SOURCE,
        UUID,
        "9.7.4",
        true,
        set(executed),
        set(purged),
        Optional.empty());
  }

  private static ReplicationChannel receiving(String receiving, int code, String said) {
    return channel(
        receiving,
        true,
        "",
        Optional.of(new Failure(code, said)),
        Optional.empty(),
        Optional.empty());
  }

  private static ReplicationChannel channel(String receiving, boolean applying) {
    return channel(receiving, applying, "", Optional.empty(), Optional.empty(), Optional.of(0L));
  }

  private static ReplicationChannel channel(
      String receiving,
      boolean applying,
      String received,
      Optional<Failure> receiveError,
      Optional<Failure> applyError,
      Optional<Long> lag) {
    return new ReplicationChannel(
        SOURCE,
        3306,
        "clusterctl_repl",
        receiving,
        applying,
        set(received),
        lag,
        true,
        true,
        receiveError,
        applyError);
  }

  private static GtidSet set(String intervals) {
    return intervals.isEmpty() ? GtidSet.EMPTY : GtidSet.parse(UUID + ":" + intervals);
  }
}
