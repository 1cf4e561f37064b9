package dev.clusterctl.operation.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.RealServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients of a real server to which something happens. */
@Tag("integration")
class LoadTest {
  private static final LoadTable TABLE = new LoadTable("load", "app");
  private RealServer server;
  private Load load;

  @BeforeEach
  void writeToAServer() throws Exception {
    server = RealServer.start(RealServer.Release.MYSQL_8_0_12);
    run("CREATE DATABASE app");
    run("CREATE USER app@'127.0.0.1' IDENTIFIED BY 'secret'");
    run("GRANT ALL ON app.* TO app@'127.0.0.1'");
    try (Connection c = server.connect();
        Statement s = c.createStatement()) {
      s.execute("USE app");
      s.execute(TABLE.create()[0]);
    }
    ClientEndpoint endpoint =
        JdbcClientEndpoint.amongNodes(
            List.of(new JdbcClientEndpoint.Address("127.0.0.1", server.port())),
            new JdbcClientEndpoint.Login("app", "secret", "app", JdbcClientEndpoint.Tls.OFF),
            new JdbcClientEndpoint.Timeouts(Duration.ofMillis(500), Duration.ofSeconds(1)));
    load = new Load(endpoint, TABLE, 3, 1, 50);
    load.start();
    awaitFlow();
    load.measure();
    load.enter(Phase.DURING);
  }

  @AfterEach
  void end() throws Exception {
    load.close();
    server.close();
  }

  @Test
  void aFrozenServerIsAGapForEveryoneAndItsRowsAreInDoubtNotLost() throws Exception {
    signal("STOP");
    Thread.sleep(3000);
    signal("CONT");
    Verification v = endAndVerify();

    assertThat(load.writeTraffic(Map.of()).longestGap().length())
        .isBetween(Duration.ofMillis(2900), Duration.ofMillis(6000));
    assertThat(load.writeTraffic(Map.of()).perConnection())
        .hasSize(3)
        .allMatch(gap -> gap.length().compareTo(Duration.ofMillis(2900)) >= 0);
    assertThat(load.readTraffic().longestGap().length()).isGreaterThan(Duration.ofMillis(2900));
    assertThat(v.inDoubt()).isEqualTo(3);
    assertThat(v.nothingLost()).isTrue();
    assertThat(v.refusedPresent()).isZero();
  }

  @Test
  void aKilledServerThatComesBackHasEveryAcknowledgedRow() throws Exception {
    server.kill();
    Thread.sleep(300);
    server.start();
    Verification v = endAndVerify();

    assertThat(v.nothingLost()).isTrue();
    assertThat(v.consistent()).isTrue();
    assertThat(load.writeTraffic(Map.of()).reconnects()).isEqualTo(3);
    assertThat(load.writeTraffic(Map.of()).failedConnects()).isPositive();
    assertThat(load.errors().entries())
        .extracting(ErrorLog.Entry::doing)
        .contains(ErrorLog.Doing.CONNECT);
  }

  @Test
  void aServerThatTurnsReadOnlyRefusesAndClientsLookForAWritableOne() throws Exception {
    run("SET GLOBAL super_read_only = ON");
    Thread.sleep(500);
    run("SET GLOBAL super_read_only = OFF");
    run("SET GLOBAL read_only = OFF");
    Verification v = endAndVerify();

    assertThat(v.refused()).isPositive();
    assertThat(v.inDoubt()).isZero();
    assertThat(v.refusedPresent()).isZero();
    assertThat(v.nothingLost()).isTrue();
    assertThat(load.errors().entries())
        .extracting(ErrorLog.Entry::code)
        .containsOnly(ServerErrors.OPTION_PREVENTS_STATEMENT);
  }

  private Verification endAndVerify() throws Exception {
    load.enter(Phase.AFTER);
    long before = load.writes();
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (load.writes() < before + 60 && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    load.stop();
    Verifier verifier = new Verifier(load, TABLE);
    try (Connection root = server.connect()) {
      verifier.read("server", root);
    }
    assertThat(load.writes()).isGreaterThanOrEqualTo(before + 60);
    return verifier.result();
  }

  private void awaitFlow() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!load.flows() && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertThat(load.flows()).as("%s", load.errors().entries()).isTrue();
  }

  private void signal(String name) throws IOException, InterruptedException {
    assertThat(
            new ProcessBuilder("kill", "-" + name, Long.toString(server.process().pid()))
                .start()
                .waitFor())
        .isZero();
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
