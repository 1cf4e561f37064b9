package dev.clusterctl.operation.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.RealServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two schemas of one server play two nodes; what is wrong in one must be found. */
@Tag("integration")
class VerifierTest {
  private static final LoadTable ONE = new LoadTable("lossy", "one");
  private static final LoadTable OTHER = new LoadTable("lossy", "other");
  private static RealServer server;
  private static Connection root;
  private Load load;

  @BeforeAll
  static void startServer() throws Exception {
    server = RealServer.start(RealServer.Release.MYSQL_8_0_12);
    root = connect("");
    run("CREATE DATABASE one");
    run("CREATE DATABASE other");
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void writeForAMoment() throws Exception {
    run("USE one");
    run("DROP TABLE IF EXISTS " + ONE.name() + ", other." + ONE.name());
    run(ONE.create()[0]);
    ClientEndpoint endpoint =
        new ClientEndpoint() {
          @Override
          public Connection connect(Purpose purpose, int client) throws SQLException {
            return VerifierTest.connect("one");
          }

          @Override
          public String description() {
            return "the server";
          }
        };
    load = new Load(endpoint, ONE, 2, 1, 200);
    load.start();
    while (load.writes() < 100 || load.reads() == 0) {
      Thread.sleep(10);
    }
    load.stop();
    run("CREATE TABLE other.%1$s LIKE one.%1$s".formatted(ONE.name()));
    run("INSERT INTO other.%1$s SELECT * FROM one.%1$s".formatted(ONE.name()));
  }

  @Test
  void copiesThatAreAsTheyShouldBePass() throws Exception {
    Verification v = verify();

    assertThat(v.nothingLost()).isTrue();
    assertThat(v.consistent()).isTrue();
    assertThat(v.examples()).isEmpty();
    assertThat(v.acknowledged()).isGreaterThanOrEqualTo(100).isEqualTo(v.rows().get("other"));
  }

  @Test
  void aRowThatIsMissingOnOneNodeIsFoundAndNamed() throws Exception {
    run("DELETE FROM other.%s WHERE writer = 1 AND seq = 7".formatted(ONE.name()));

    Verification v = verify();
    assertThat(v.lost()).isEqualTo(1);
    assertThat(v.nothingLost()).isFalse();
    assertThat(v.copiesAgree()).isFalse();
    assertThat(v.examples())
        .containsExactly("other: row 7 of writer 1 was acknowledged and isn't there");
  }

  @Test
  void rowsThatAreMissingEverywhereAreLostAlthoughTheCopiesAgree() throws Exception {
    run("DELETE FROM other.%s WHERE seq < 20".formatted(ONE.name()));
    run("DELETE FROM one.%s WHERE seq < 20".formatted(ONE.name()));

    Verification v = verify();
    assertThat(v.lost()).isEqualTo(80);
    assertThat(v.copiesAgree()).isTrue();
    assertThat(v.examples()).hasSize(Verifier.MOST_EXAMPLES);
  }

  @Test
  void aRowThatIsThereTwiceIsFound() throws Exception {
    copyOfRow("one", "writer, seq, token, node, created");
    copyOfRow("other", "writer, seq, token, node, created");

    Verification v = verify();
    assertThat(v.duplicated()).isEqualTo(2);
    assertThat(v.consistent()).isFalse();
  }

  @Test
  void aRowThatNobodyWroteIsFound() throws Exception {
    copyOfRow("other", "writer, 1000000, token, node, created");
    assertThat(verify().unknown()).isEqualTo(1);
    copyOfRow("other", "99, seq, token, node, created");
    assertThat(verify().unknown()).isEqualTo(2);
  }

  @Test
  void aRowWithAnotherContentIsFound() throws Exception {
    run("UPDATE other.%s SET token = 1 WHERE writer = 0 AND seq = 3".formatted(ONE.name()));

    Verification v = verify();
    assertThat(v.altered()).isEqualTo(1);
    assertThat(v.nothingLost()).isFalse();
  }

  @Test
  void aColumnThatNoRuleWatchesMakesTheCopiesDiffer() throws Exception {
    run("UPDATE other.%s SET node = 'x' WHERE writer = 0 AND seq = 3".formatted(ONE.name()));
    assertThat(verify().consistent()).isFalse();
  }

  @Test
  void aRefusedRowThatIsThereIsFound() throws Exception {
    Ledger ledger = load.ledgers().get(0);
    int refused = ledger.next();
    ledger.refused(refused);
    write(ledger, refused, "one");
    write(ledger, refused, "other");

    assertThat(verify().refusedPresent()).isEqualTo(2);
  }

  @Test
  void aRowInDoubtMayBeThereOrNotButTheSameEverywhere() throws Exception {
    Ledger ledger = load.ledgers().get(0);
    assertThat(verify().inDoubt()).isZero();
    int inDoubt = ledger.next();
    assertThat(verify().consistent()).isTrue();

    write(ledger, inDoubt, "one");
    Verification differs = verify();
    assertThat(differs.inDoubtDiffering()).isEqualTo(1);
    assertThat(differs.consistent()).isFalse();

    write(ledger, inDoubt, "other");
    Verification same = verify();
    assertThat(same.inDoubtDiffering()).isZero();
    assertThat(same.inDoubtPresent()).isEqualTo(1);
    assertThat(same.lost()).isZero();
  }

  private Verification verify() throws SQLException {
    Verifier verifier = new Verifier(load, ONE);
    verifier.read("one", root, ONE);
    verifier.read("other", root, OTHER);
    return verifier.result();
  }

  private static void write(Ledger ledger, int seq, String schema) throws SQLException {
    run(
        "INSERT INTO %s.%s (writer, seq, token, node, created) VALUES (%d, %d, %d, 'n', '2026-01-01')"
            .formatted(
                schema,
                ONE.name(),
                ledger.writer(),
                seq,
                Ledger.token(ONE.run(), ledger.writer(), seq)));
  }

  private static void copyOfRow(String schema, String columns) throws SQLException {
    run(
        "INSERT INTO %1$s.%2$s (writer, seq, token, node, created) SELECT %3$s FROM one.%2$s WHERE writer = 1 AND seq = 5 LIMIT 1"
            .formatted(schema, ONE.name(), columns));
  }

  private static void run(String sql) throws SQLException {
    try (Statement statement = root.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(String schema) throws SQLException {
    Properties p = new Properties();
    p.setProperty("user", "root");
    p.setProperty("sslMode", "DISABLED");
    p.setProperty("allowPublicKeyRetrieval", "true");
    return DriverManager.getConnection(
        "jdbc:mysql://127.0.0.1:%d/%s".formatted(server.port(), schema), p);
  }
}
