package dev.clusterctl.operation.copies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.mysql.RealServer;
import dev.clusterctl.mysql.RealSessions;
import dev.clusterctl.mysql.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What real servers answer to the statements that tell rows apart. */
@Tag("integration")
class TableShapeRealServerTest {
  private static final String EVERYTHING =
      """
      CREATE TABLE v.everything (
        id INT PRIMARY KEY, tiny TINYINT, big BIGINT UNSIGNED, dec_ DECIMAL(20,6), f FLOAT, d DOUBLE,
        fixed FLOAT(7,3), bits BIT(64), yr YEAR, day DATE, t TIME(3), dt DATETIME(6), ts TIMESTAMP(6) NULL,
        c CHAR(10), vc VARCHAR(50) CHARACTER SET latin1, u VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
        bin BINARY(4), vb VARBINARY(10), txt LONGTEXT, blb LONGBLOB, e ENUM('', 'b'), s SET('x','y','z'),
        j JSON, g GEOMETRY, twice INT AS (id * 2) VIRTUAL, thrice INT AS (id * 3) STORED)
      """;

  /** Each pair of values differs, if only a little: an expression that can't tell them is wrong. */
  private static final Map<String, List<String>> PAIRS = pairs();

  private static Map<String, List<String>> pairs() {
    Map<String, List<String>> pairs = new LinkedHashMap<>();
    pairs.put("tiny", List.of("0", "NULL"));
    pairs.put("big", List.of("18446744073709551615", "18446744073709551614"));
    pairs.put("dec_", List.of("12345678901234.000001", "12345678901234.000002"));
    pairs.put("f", List.of("16777216", "16777214"));
    pairs.put("d", List.of("0.1", "0.10000000000000002"));
    pairs.put("fixed", List.of("1.001", "1.002"));
    pairs.put("bits", List.of("b'0'", "0x8000000000000001"));
    pairs.put("yr", List.of("2026", "2027"));
    pairs.put("day", List.of("'2026-01-01'", "'2026-01-02'"));
    pairs.put("t", List.of("'-00:00:00.001'", "'00:00:00.001'"));
    pairs.put("dt", List.of("'2026-01-01 00:00:00.000001'", "'2026-01-01 00:00:00.000002'"));
    pairs.put("ts", List.of("'2026-01-01 00:00:00.000001'", "'2026-01-01 00:00:00.000002'"));
    pairs.put("c", List.of("'a'", "'A'"));
    pairs.put("vc", List.of("'a '", "'a'"));
    pairs.put("u", List.of("'NULL'", "NULL"));
    pairs.put("bin", List.of("x'00'", "x'20'"));
    pairs.put("vb", List.of("x'00'", "x'0000'"));
    pairs.put("txt", List.of("REPEAT('x', 100000)", "CONCAT(REPEAT('x', 99999), 'y')"));
    pairs.put("blb", List.of("''", "NULL"));
    pairs.put("e", List.of("''", "'b'"));
    pairs.put("s", List.of("'x,y'", "'x,z'"));
    pairs.put("j", List.of("'{\"a\": 1}'", "'{\"a\": \"1\"}'"));
    pairs.put("g", List.of("POINT(1, 2)", "POINT(2, 1)"));
    return pairs;
  }

  @ParameterizedTest
  @EnumSource
  void everyDifferenceOfEveryTypeIsSeenAndEqualRowsAreEqual(RealServer.Release release)
      throws Exception {
    try (RealServer server = RealServer.start(release);
        Session session = RealSessions.open(server);
        Copy copy = new Copy("db1", RealSessions.open(server))) {
      session.run("CREATE DATABASE v");
      session.run(EVERYTHING);
      TableName name = new TableName("v", "everything");
      TableShape table = copy.tables().get(name);
      assertThat(table.key()).extracting(TableColumn::name).containsExactly("id");
      for (Map.Entry<String, List<String>> pair : PAIRS.entrySet()) {
        List<Copy.Sum> sums = new ArrayList<>();
        for (String value :
            List.of(pair.getValue().get(0), pair.getValue().get(1), pair.getValue().get(0))) {
          session.run("DELETE FROM v.everything");
          session.run(
              "INSERT INTO v.everything (id, %s) VALUES (1, %s)".formatted(pair.getKey(), value));
          sums.add(copy.sum(table, KeyRange.ALL));
        }
        assertThat(sums.get(1)).as(pair.getKey()).isNotEqualTo(sums.get(0));
        assertThat(sums.get(2)).as(pair.getKey()).isEqualTo(sums.get(0));
      }
    }
  }

  /** So that copies on servers of different versions can be compared at all. */
  @Test
  void differentVersionsAnswerTheSame() throws Exception {
    List<Copy.Sum> sums = new ArrayList<>();
    List<List<String>> descriptions = new ArrayList<>();
    for (RealServer.Release release : RealServer.Release.values()) {
      try (RealServer server = RealServer.start(release);
          Session session = RealSessions.open(server);
          Copy copy = new Copy("db1", RealSessions.open(server))) {
        session.run("CREATE DATABASE v CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
        session.run(EVERYTHING);
        session.run(
            "INSERT INTO v.everything (id, tiny, big, dec_, f, d, fixed, bits, yr, day, t, dt, ts, c, vc, u, bin, vb, txt, blb, e, s, j) VALUES"
                + " (1, -3, 18446744073709551615, 1.5, 0.1, 1e-300, 2.125, 0xff, 2026, '2026-02-28', '-11:12:13.141', '2026-02-28 01:02:03.040506', '2026-02-28 01:02:03.040506',"
                + " 'a', 'ä', '😀', x'01', x'0203', 'text', x'ff00', 'b', 'x,z', '{\"k\": [1, 2.5, null, \"s\"]}'), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
        TableShape table = copy.tables().get(new TableName("v", "everything"));
        sums.add(copy.sum(table, KeyRange.ALL));
        descriptions.add(table.description());
      }
    }
    assertThat(sums).hasSize(2).allMatch(sums.get(0)::equals);
    assertThat(descriptions.get(1)).isEqualTo(descriptions.get(0));
  }

  @ParameterizedTest
  @EnumSource
  void partsCoverATableOnceWhateverItsKeyIs(RealServer.Release release) throws Exception {
    try (RealServer server = RealServer.start(release);
        Session session = RealSessions.open(server);
        Copy copy = new Copy("db1", RealSessions.open(server))) {
      session.run("CREATE DATABASE v");
      for (String key :
          List.of(
              "k VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german2_ci|CONCAT(_latin1 x'C4', i)",
              "k VARCHAR(20) CHARACTER SET utf8mb4|CONCAT('Ä', i, '''\\\\')",
              "k DECIMAL(10,3)|-50 + i / 8",
              "k DATETIME(3)|'2026-01-01' + INTERVAL i * 1001 MICROSECOND",
              "k BINARY(3)|UNHEX(LPAD(HEX(i * 1000), 6, '0'))",
              "k BIT(16)|i * 7",
              "k BIGINT UNSIGNED|18446744073709551615 - i")) {
        String column = key.substring(0, key.indexOf('|'));
        String value = key.substring(key.indexOf('|') + 1);
        session.run("DROP TABLE IF EXISTS v.t");
        session.run(
            "CREATE TABLE v.t (g INT NOT NULL, %s NOT NULL, v INT, UNIQUE KEY (g, k))"
                .formatted(column));
        for (int i = 0; i < 60; i++) {
          session.run(
              "INSERT INTO v.t VALUES (%d, %s, %d)"
                  .formatted(i / 25, value.replaceAll("\\bi\\b", String.valueOf(i)), i));
        }
        TableShape table = copy.tables().get(new TableName("v", "t"));
        assertThat(table.key()).as(column).hasSize(2);
        long rows = 0;
        int parts = 0;
        List<String> after = List.of();
        do {
          KeyRange range = copy.next(table, after, 7);
          rows += copy.sum(table, range).rows();
          after = range.upTo();
          parts++;
        } while (!after.isEmpty());
        assertThat(rows).as(column).isEqualTo(60);
        assertThat(parts).as(column).isEqualTo(9);
      }
    }
  }

  /** For XOR, two equal rows would be as good as none. */
  @Test
  void equalRowsOfATableWithoutAKeyDoNotCancelOut() throws Exception {
    try (RealServer server = RealServer.start(RealServer.Release.MYSQL_5_7_22);
        Session session = RealSessions.open(server);
        Copy copy = new Copy("db1", RealSessions.open(server))) {
      session.run("CREATE DATABASE v");
      session.run("CREATE TABLE v.a (n INT)");
      session.run("CREATE TABLE v.b (n INT)");
      session.run("INSERT INTO v.a VALUES (1), (1)");
      session.run("INSERT INTO v.b VALUES (2), (2)");
      TableShape a = copy.tables().get(new TableName("v", "a"));
      TableShape b = copy.tables().get(new TableName("v", "b"));
      assertThat(a.key()).isEmpty();
      assertThat(copy.next(a, List.of(), 1)).isEqualTo(KeyRange.ALL);
      assertThat(copy.sum(a, KeyRange.ALL)).isNotEqualTo(copy.sum(b, KeyRange.ALL));
    }
  }
}
