package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.topology.NodeName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two real servers, a source and its replica: what clusterctl says to them and reads from them. */
@Tag("integration")
class RealReplicationTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Credentials REPLICATION = new Credentials("repl", "Long'Enough1");

  private static final String OPTIONS =
      """
      [mysqld]
      server_id=%d
      gtid_mode=ON
      enforce_gtid_consistency=ON
      log_bin=binlog
      binlog_format=ROW
      log_slave_updates=ON
      master_info_repository=TABLE
      relay_log_info_repository=TABLE
      slave_parallel_workers=%d
      relay_log=relay
      """;

  @ParameterizedTest
  @EnumSource
  void aReplicaFollowsAndEachOfItsFailuresIsNamed(RealServer.Release release) throws Exception {
    ServerVersion version = release.version();
    try (RealServer first = RealServer.start(release, OPTIONS.formatted(1, 0));
        RealServer second = RealServer.start(release, OPTIONS.formatted(2, 2));
        Session source = session("db1", first);
        Session replica = session("db2", second)) {
      // Making them left accounts in the binary logs.
      source.run(Dialect.of(version).resetBinaryLogs());
      replica.run(Dialect.of(version).resetBinaryLogs());
      SourceReplication replication = new SourceReplication(replica, version);
      assertThat(replication.channel()).isEmpty();
      assertThat(replication.symptoms()).isEqualTo(ReplicaSymptoms.NONE);
      assertThat(
              ReplicationSettings.mistakes(
                  List.of(
                      ReplicationSettings.of(new NodeName("db1"), source),
                      ReplicationSettings.of(new NodeName("db2"), replica))))
          .isEmpty();

      makeAccount(source, version);
      follow(replica, version, first.port(), REPLICATION);
      source.run("CREATE DATABASE app");
      source.run("CREATE TABLE app.t (id INT PRIMARY KEY, v VARCHAR(20))");
      source.run("INSERT INTO app.t VALUES (1, 'a'), (2, 'b')");
      GtidSet all = new SourceReplication(source, version).executed();
      assertThat(replication.awaitExecuted(all, SOON))
          .as(() -> diagnoses(replica, source, version).toString())
          .isTrue();
      assertThat(diagnoses(replica, source, version)).isEmpty();
      assertThat(replication.channel())
          .hasValueSatisfying(
              channel -> {
                assertThat(channel.running()).isTrue();
                assertThat(channel.autoPosition()).isTrue();
                assertThat(channel.sourceHost()).isEqualTo("127.0.0.1");
                assertThat(channel.received()).isEqualTo(all);
              });

      replica.run("SET sql_log_bin = 0");
      replica.run("INSERT INTO app.t VALUES (3, 'here')");
      source.run("INSERT INTO app.t VALUES (3, 'there')");
      awaitDiagnosis(replica, source, version, "duplicate-key", "app.t");
      replica.run("DELETE FROM app.t WHERE id IN (2, 3)");
      source.run("DELETE FROM app.t WHERE id = 2");
      replication.start();
      awaitDiagnosis(replica, source, version, "missing-row", "app.t");
      replica.run("INSERT INTO app.t VALUES (2, 'b')");
      replication.start();
      assertThat(replication.awaitExecuted(new SourceReplication(source, version).executed(), SOON))
          .as(() -> diagnoses(replica, source, version).toString())
          .isTrue();

      replication.stop();
      awaitDiagnosis(replica, source, version, "stopped", "");
      source.run("INSERT INTO app.t VALUES (4, 'd')");
      source.run("FLUSH LOGS");
      source.run(
          "PURGE BINARY LOGS TO '%s'"
              .formatted(
                  source.query(Dialect.of(version).showBinaryLogStatus()).get(0).text("File")));
      replication.start();
      awaitDiagnosis(replica, source, version, "purged", "1 transaction");
      assertThat(replication.channel().orElseThrow().receiveError())
          .hasValueSatisfying(e -> assertThat(e.code()).isIn(1236, 13114));

      follow(replica, version, first.port(), new Credentials("repl", "Wrong1"));
      await()
          .atMost(SOON)
          .until(() -> codes(diagnoses(replica, source, version)).contains("cannot-log-in"));
      first.kill();
      follow(replica, version, first.port(), REPLICATION);
      await()
          .atMost(SOON)
          .until(
              () ->
                  ReplicaDiagnosis.ofReplica(
                          observe("db2", replica, version),
                          replication.symptoms(),
                          Optional.empty())
                      .stream()
                      .anyMatch(ReplicaDiagnosis.SourceUnreachable.class::isInstance));
    }
  }

  @ParameterizedTest
  @EnumSource
  void accountsAreTheSameOnTheServerThatTheyAreCopiedTo(RealServer.Release release)
      throws Exception {
    ServerVersion version = release.version();
    try (RealServer first = RealServer.start(release);
        RealServer second = RealServer.start(release);
        Session from = session("db1", first);
        Session to = session("db2", second)) {
      from.run("CREATE DATABASE shop");
      from.run("CREATE TABLE shop.t (id INT PRIMARY KEY)");
      from.run("INSERT INTO shop.t VALUES (1)");
      // Hashes have a salt of any characters: of several accounts one may be awkward.
      for (int i = 0; i < 20; i++) {
        from.run("CREATE USER 'shop%d'@'10.1.%%' IDENTIFIED BY 'It''s %d'".formatted(i, i));
      }
      from.run("GRANT SELECT, INSERT ON shop.* TO 'shop1'@'10.1.%' WITH GRANT OPTION");
      if (Dialect.of(version).has(Feature.ROLES)) {
        from.run("CREATE ROLE reader");
        from.run("GRANT SELECT ON shop.* TO reader");
        from.run("GRANT reader TO 'shop0'@'10.1.%'");
        from.run("SET DEFAULT ROLE reader TO 'shop0'@'10.1.%'");
      }
      Set<String> except = Set.of("root");
      List<AccountCopy> accounts = AccountCopy.of(from, version, except);
      for (String statement : AccountCopy.statements(accounts)) {
        to.run("copying an account", statement);
      }
      assertThat(AccountCopy.of(to, version, except)).isEqualTo(accounts);
      assertThat(accounts.toString()).doesNotContain("IDENTIFIED");
      assertThat(SchemaSize.of(from))
          .singleElement()
          .satisfies(
              schema -> {
                assertThat(schema.name()).isEqualTo("shop");
                assertThat(schema.tables()).isEqualTo(1);
                assertThat(schema.bytes()).isPositive();
              });
      assertThat(SchemaSize.of(to)).isEmpty();
    }
  }

  /** By the dialect's own statement; where these servers have no certificates, without TLS. */
  private static void follow(Session replica, ServerVersion version, int port, Credentials account)
      throws MySqlException {
    Dialect dialect = Dialect.of(version);
    String statement = dialect.changeSource("127.0.0.1", port, account.user(), account.password());
    boolean tls = replica.value("SELECT @@have_ssl").orElse("").equals("YES");
    assertThat(tls).isEqualTo(dialect.has(Feature.MAKES_CERTIFICATES));
    replica.run(dialect.stopReplica());
    replica.run(dialect.resetReplica());
    replica.run("following", tls ? statement : statement.replace("MASTER_SSL=1", "MASTER_SSL=0"));
    replica.run(dialect.startReplica());
  }

  private static void makeAccount(Session source, ServerVersion version) throws MySqlException {
    source.run("SET sql_log_bin = 0");
    source.run(
        "CREATE USER 'repl'@'127.0.0.1' IDENTIFIED BY " + Quoting.password(REPLICATION.password()));
    source.run(
        "GRANT %s ON *.* TO 'repl'@'127.0.0.1'"
            .formatted(Dialect.of(version).replicationPrivileges()));
    source.run("SET sql_log_bin = 1");
  }

  private static void awaitDiagnosis(
      Session replica, Session source, ServerVersion version, String code, String words) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(diagnoses(replica, source, version))
                    .anySatisfy(
                        d -> {
                          assertThat(d.code()).isEqualTo(code);
                          assertThat(d.text()).contains(words);
                        }));
  }

  private static List<ReplicaDiagnosis> diagnoses(
      Session replica, Session source, ServerVersion version) {
    try {
      return tryDiagnoses(replica, source, version);
    } catch (MySqlException e) {
      throw new AssertionError(e);
    }
  }

  private static List<ReplicaDiagnosis> tryDiagnoses(
      Session replica, Session source, ServerVersion version) throws MySqlException {
    ReplicaObservation now = observe("db2", replica, version);
    ReplicaObservation follower =
        new ReplicaObservation(
            now.node(),
            now.address(),
            now.serverUuid(),
            now.version(),
            false,
            now.executed(),
            now.purged(),
            now.channel());
    return ReplicaDiagnosis.ofReplica(
        follower,
        new SourceReplication(replica, version).symptoms(),
        Optional.of(observe("db1", source, version)));
  }

  private static ReplicaObservation observe(String node, Session session, ServerVersion version)
      throws MySqlException {
    SourceReplication replication = new SourceReplication(session, version);
    Optional<ReplicationChannel> channel = replication.channel();
    return new ReplicaObservation(
        new NodeName(node),
        "127.0.0.1",
        session.value("SELECT @@server_uuid").orElse(""),
        version.toString(),
        replication.writable(),
        replication.executed(),
        replication.purged(),
        channel);
  }

  private static List<String> codes(List<ReplicaDiagnosis> all) {
    return all.stream().map(ReplicaDiagnosis::code).toList();
  }

  private static Session session(String node, RealServer server) throws SQLException {
    return new Session(node, server.connect());
  }
}
