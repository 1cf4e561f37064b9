package dev.clusterctl.mysql;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Replication from a source, as one server sees and drives it. Only the standard channel. */
public final class SourceReplication {
  private final Session session;
  private final Dialect dialect;

  /**
   * @param version the server's own version
   */
  public SourceReplication(Session session, ServerVersion version) {
    this.session = session;
    this.dialect = Dialect.of(version);
  }

  /** Where this server replicates from; empty where it never was told to, or was told to forget. */
  public Optional<ReplicationChannel> channel() throws MySqlException {
    for (Row row : session.query(dialect.showReplicaStatus())) {
      if (row.text("Channel_Name").isEmpty() && !row.text(source("Host")).isEmpty()) {
        return Optional.of(channel(row));
      }
    }
    return Optional.empty();
  }

  private ReplicationChannel channel(Row row) {
    return new ReplicationChannel(
        row.text(source("Host")),
        (int) row.number(source("Port")),
        row.text(source("User")),
        row.text(replica("IO_Running")),
        row.text(replica("SQL_Running")).equals("Yes"),
        GtidSet.parse(row.text("Retrieved_Gtid_Set")),
        row.optional("Seconds_Behind_" + sourceWord()).map(Long::parseLong),
        row.text("Auto_Position").equals("1"),
        row.text(source("SSL_Allowed")).equals("Yes"),
        failure(row, "IO"),
        failure(row, "SQL"));
  }

  /**
   * What this server says about its own difficulties, beyond {@link #channel}; nothing about its
   * disk's room, which only its machine knows.
   */
  public ReplicaSymptoms symptoms() throws MySqlException {
    return new ReplicaSymptoms(
        applyFailures(),
        session.query("SHOW PROCESSLIST").stream()
            .anyMatch(row -> row.text("State").equals("Waiting for disk space")),
        Optional.empty(),
        semiSync());
  }

  private List<ReplicationChannel.Failure> applyFailures() throws MySqlException {
    // With several applying threads it is one of those that knows; with one, the coordinator.
    String failures =
        "SELECT LAST_ERROR_NUMBER, LAST_ERROR_MESSAGE FROM performance_schema.%s"
            + " WHERE CHANNEL_NAME = '' AND LAST_ERROR_NUMBER <> 0";
    List<Row> rows = session.query(failures.formatted("replication_applier_status_by_worker"));
    if (rows.isEmpty()) {
      rows = session.query(failures.formatted("replication_applier_status_by_coordinator"));
    }
    return rows.stream()
        .map(
            row ->
                new ReplicationChannel.Failure(
                    (int) row.number("LAST_ERROR_NUMBER"), row.text("LAST_ERROR_MESSAGE")))
        .toList();
  }

  private static Optional<ReplicationChannel.Failure> failure(Row row, String thread) {
    int code = (int) row.number("Last_" + thread + "_Errno");
    return code == 0
        ? Optional.empty()
        : Optional.of(new ReplicationChannel.Failure(code, row.text("Last_" + thread + "_Error")));
  }

  /** The addresses of the replicas that are connected to this server, as they report them. */
  public List<String> replicas() throws MySqlException {
    return session.query(dialect.showReplicas()).stream()
        .map(row -> row.text("Host"))
        .filter(host -> !host.isEmpty())
        .distinct()
        .toList();
  }

  /**
   * Has this server follow a source from wherever it stands, and starts. Stops what it did before;
   * what it received and has not applied is fetched again.
   *
   * @param host the source's address
   */
  public void follow(String host, int port, Credentials account) throws MySqlException {
    session.run(dialect.stopReplica());
    // A server that couldn't read its relay log at its start takes no other command than this one.
    session.run(dialect.resetReplica());
    session.run(
        "following " + host, dialect.changeSource(host, port, account.user(), account.password()));
    session.run(dialect.startReplica());
  }

  public void start() throws MySqlException {
    session.run(dialect.startReplica());
  }

  public void stop() throws MySqlException {
    session.run(dialect.stopReplica());
  }

  /** Stops receiving, and goes on applying what is there. */
  public void stopReceiving() throws MySqlException {
    session.run(dialect.stopReplica() + " IO_THREAD");
  }

  /** Starts applying what was received. */
  public void startApplying() throws MySqlException {
    session.run(dialect.startReplica() + " SQL_THREAD");
  }

  /** Forgets the source: this server follows nobody any more. */
  public void forget() throws MySqlException {
    session.run(dialect.stopReplica());
    session.run(dialect.resetReplicaAll());
  }

  /** The transactions that this server has. */
  public GtidSet executed() throws MySqlException {
    return GtidSet.parse(session.value("SELECT @@GLOBAL.gtid_executed").orElse(""));
  }

  /** Those among them that its binary logs don't hold any more. */
  public GtidSet purged() throws MySqlException {
    return GtidSet.parse(session.value("SELECT @@GLOBAL.gtid_purged").orElse(""));
  }

  /**
   * Waits until this server has applied all of some transactions.
   *
   * @param limit in whole seconds, at least 1
   * @return whether it has
   */
  public boolean awaitExecuted(GtidSet wanted, Duration limit) throws MySqlException {
    return session
        .value(
            "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?)",
            wanted.toString(),
            Math.max(1, limit.toSeconds()))
        .orElse("1")
        .equals("0");
  }

  /** Whether it takes writes from everybody who may write. */
  public boolean writable() throws MySqlException {
    return session
        .value("SELECT @@GLOBAL.super_read_only OR @@GLOBAL.read_only")
        .orElse("")
        .equals("0");
  }

  /**
   * Refuses writes from now on: returns once the commits in flight are through. Sessions that write
   * get error 1290.
   */
  public void refuseWrites() throws MySqlException {
    session.run("SET GLOBAL super_read_only = ON");
  }

  /**
   * Whether a commit here waits until a replica has received it. Only the source's should: a
   * replica's applier would wait, too, for replicas that it hasn't got.
   *
   * @throws MySqlException if the server hasn't loaded the plugin
   */
  public void waitForReplicas(boolean on) throws MySqlException {
    session.run(
        "SET GLOBAL %s = %s"
            .formatted(dialect.semiSync().sourceVariable("enabled"), on ? "ON" : "OFF"));
  }

  /** How semi-synchronous replication does on this server; empty where it isn't loaded. */
  public Optional<SemiSyncState> semiSync() throws MySqlException {
    String enabled = dialect.semiSync().sourceVariable("enabled");
    Map<String, String> values = new HashMap<>();
    for (String show : List.of("VARIABLES", "STATUS")) {
      for (Row row :
          session.query(
              "SHOW GLOBAL %s LIKE 'rpl\\_semi\\_sync\\_%s\\_%%'"
                  .formatted(show, dialect.semiSync().source()))) {
        values.put(row.text("Variable_name").toLowerCase(Locale.ROOT), row.text("Value"));
      }
    }
    return values.containsKey(enabled)
        ? Optional.of(
            new SemiSyncState(
                values.getOrDefault(enabled, "").equals("ON"),
                values.getOrDefault(dialect.semiSync().sourceVariable("status"), "").equals("ON"),
                Integer.parseInt(
                    values.getOrDefault(dialect.semiSync().sourceVariable("clients"), "0"))))
        : Optional.empty();
  }

  /** Takes writes from now on. */
  public void takeWrites() throws MySqlException {
    session.run("SET GLOBAL super_read_only = OFF");
    session.run("SET GLOBAL read_only = OFF");
  }

  /** Filters that keep transactions out of this server, a line each; empty is as it should be. */
  public List<String> filters() throws MySqlException {
    return session.query(dialect.showReplicaStatus()).stream()
        .flatMap(
            row ->
                List.of(
                        "Replicate_Do_DB",
                        "Replicate_Ignore_DB",
                        "Replicate_Do_Table",
                        "Replicate_Ignore_Table",
                        "Replicate_Wild_Do_Table",
                        "Replicate_Wild_Ignore_Table")
                    .stream()
                    .filter(column -> !row.text(column).isEmpty())
                    .map(
                        column ->
                            column.toLowerCase(java.util.Locale.ROOT) + "=" + row.text(column)))
        .distinct()
        .toList();
  }

  private String sourceWord() {
    return dialect.has(Feature.REPLICA_STATEMENTS) ? "Source" : "Master";
  }

  private String source(String rest) {
    return sourceWord() + "_" + rest;
  }

  private String replica(String rest) {
    return (dialect.has(Feature.REPLICA_STATEMENTS) ? "Replica_" : "Slave_") + rest;
  }
}
