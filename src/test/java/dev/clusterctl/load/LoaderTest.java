package dev.clusterctl.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.mysql.RealServer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads dumps into real servers. */
@Tag("integration")
class LoaderTest {
  private static final Map<RealServer.Release, RealServer> SERVERS =
      new EnumMap<>(RealServer.Release.class);

  @TempDir Path directory;

  @AfterAll
  static void stopServers() {
    SERVERS.values().forEach(RealServer::close);
  }

  @ParameterizedTest
  @EnumSource
  void aTrickyDumpArrivesByteForByte(RealServer.Release release) throws Exception {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      char c = (char) i;
      bytes.append(c == '\'' || c == '\\' ? "\\" + c : c == 0 ? "\\0" : String.valueOf(c));
    }
    String utf8 = new String("ü€😀".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    String dump =
        """
        -- MySQL dump 10.13
        /*!40101 SET NAMES utf8mb4 */;
        /*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
        SET @@SESSION.SQL_LOG_BIN= 0;
        DROP TABLE IF EXISTS `b`;
        CREATE TABLE `b` (`id` int NOT NULL, `x` varbinary(300), `t` varchar(20) CHARACTER SET utf8mb4);
        LOCK TABLES `b` WRITE;
        /*!40000 ALTER TABLE `b` DISABLE KEYS */;
        INSERT INTO `b` VALUES (1,_binary 'BYTES','TEXT;--'),(2,NULL,'#');
        UNLOCK TABLES;
        ALTER TABLE `b` ADD PRIMARY KEY (`id`);
        CREATE TABLE `nokey` (`a` int, `b` text) ENGINE=MyISAM;
        INSERT INTO `nokey` VALUES (1,'x'),(1,'x');
        DELIMITER ;;
        /*!50003 CREATE*/ /*!50017 DEFINER=`ghost`@`%`*/ /*!50003 TRIGGER tr BEFORE INSERT ON b
        FOR EACH ROW BEGIN SET NEW.t = 'trigger;'; END */;;
        DELIMITER ;
        /*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
        -- Dump completed
        """
            .replace("BYTES", bytes)
            .replace("TEXT", utf8);
    LoadOptions options = new LoadOptions(true, false, true, true);
    RealServer server = shop(release);
    LoadResult result = load(server, Dumps.file(directory, dump), options);
    assertThat(result.rows()).isEqualTo(4);
    assertThat(value(server, "SELECT HEX(x) FROM b WHERE id = 1"))
        .isEqualTo(java.util.HexFormat.of().withUpperCase().formatHex(allBytes()));
    assertThat(value(server, "SELECT t FROM b WHERE id = 1")).isEqualTo("ü€😀;--");
    assertThat(value(server, "SELECT COUNT(DISTINCT my_row_id) FROM nokey")).isEqualTo("2");
    assertThat(
            value(
                server,
                "SELECT GROUP_CONCAT(DISTINCT ENGINE) FROM information_schema.TABLES"
                    + " WHERE TABLE_SCHEMA = 'shop'"))
        .isEqualTo("InnoDB");
    assertThat(
            value(
                server,
                "SELECT COUNT(*) FROM information_schema.STATISTICS"
                    + " WHERE TABLE_SCHEMA = 'shop' AND INDEX_NAME = 'PRIMARY'"))
        .isEqualTo("2");
    assertThat(
            value(
                server,
                "SELECT DEFINER FROM information_schema.TRIGGERS"
                    + " WHERE TRIGGER_SCHEMA = 'shop'"))
        .isEqualTo("shop@10.0.0.1");
    assertThat(tables(server)).containsExactlyInAnyOrder("b", "nokey");
  }

  @ParameterizedTest
  @EnumSource
  void aLoadThatFailsSaysWhereAndGoesOnThereExactly(RealServer.Release release) throws Exception {
    String dump =
        """
        SET @factor = 7;
        CREATE TABLE a (id int PRIMARY KEY, x int);
        INSERT INTO a VALUES (1, @factor);
        CREATE TABLE c (id int PRIMARY KEY);
        INSERT INTO c VALUES (1);
        INSERT INTO c VALUES (2), (3);
        INSERT INTO a VALUES (2, @factor);
        """;
    RealServer server = shop(release);
    DumpFile file = Dumps.file(directory, dump);
    Destination to = destination(server);
    Analysis analysis = Dumps.analyze(file, to, LoadOptions.NONE);
    // As if somebody had made it meanwhile.
    run(server, "CREATE TABLE c (id int PRIMARY KEY, UNIQUE KEY (id))");
    Loader first = loader(server, file, analysis, to);
    assertThatThrownBy(first::fromStart)
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("dump.sql:4: CREATE TABLE c")
        .extracting(e -> ((LoadException) e).advice())
        .asString()
        .contains("up to the statement in line 3 is loaded");
    assertThat(value(server, "SELECT COUNT(*) FROM a")).isEqualTo("1");
    assertThatThrownBy(loader(server, file, analysis, to)::goOn)
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("dump.sql:4");

    run(server, "DROP TABLE c");
    run(server, "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1");
    assertThatThrownBy(loader(server, file, analysis, to)::goOn)
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("dump.sql:7");
    // The rows of c were in one transaction with the one that failed.
    assertThat(value(server, "SELECT COUNT(*) FROM c")).isEqualTo("0");

    run(server, "DROP TRIGGER t");
    loader(server, file, analysis, to).goOn();
    assertThat(value(server, "SELECT GROUP_CONCAT(id, x ORDER BY id) FROM a")).isEqualTo("17,27");
    assertThat(value(server, "SELECT COUNT(*) FROM c")).isEqualTo("3");
    assertThat(tables(server)).containsExactlyInAnyOrder("a", "c");
  }

  @ParameterizedTest
  @EnumSource
  void aStatementThatMayBeDoneIsTakenForDoneAndAnotherDumpIsRefused(RealServer.Release release)
      throws Exception {
    RealServer server = shop(release);
    DumpFile file =
        Dumps.file(directory, "CREATE TABLE a (id int PRIMARY KEY);\nINSERT INTO a VALUES (1);\n");
    Destination to = destination(server);
    Analysis analysis = Dumps.analyze(file, to, LoadOptions.NONE);
    try (Connection connection = target(server).connect()) {
      LoadRecord.begin(connection, "dump.sql", analysis.totals(), LoadOptions.NONE);
      LoadRecord record = LoadRecord.take(connection).orElseThrow();
      try (Statement statement = connection.createStatement()) {
        record.doubt(statement, true);
        statement.execute("CREATE TABLE a (id int PRIMARY KEY)");
        // Killed here. A session that lost its record to another one can't write it any more:
        LoadRecord.take(connection);
        assertThatThrownBy(() -> record.advance(statement, 1, 1))
            .hasMessageContaining("taken over");
      }
    }
    Analysis other =
        Dumps.analyze(
            Dumps.file(Files.createDirectory(directory.resolve("o")), "SELECT 1;"),
            to,
            LoadOptions.NONE);
    assertThatThrownBy(loader(server, file, other, to)::goOn).hasMessageContaining("and not this");
    loader(server, file, analysis, to).goOn();
    assertThat(value(server, "SELECT COUNT(*) FROM a")).isEqualTo("1");
  }

  /** A process of its own, with little memory, is killed in the middle of 48 MB and goes on. */
  @ParameterizedTest
  @ValueSource(strings = {"gz", "zst"})
  void aLargeDumpNeedsLittleMemoryAndSurvivesAKill(String packed) throws Exception {
    Path plain = directory.resolve("big.sql");
    int rows = bigDump(plain);
    Path file = pack(plain, packed);
    RealServer server = shop(RealServer.Release.MYSQL_8_0_12);
    Process first = program(server, file, "start");
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> Integer.parseInt(value(server, "SELECT COUNT(*) FROM big")) > 0);
    first.destroyForcibly().waitFor();
    assertThat(Integer.parseInt(value(server, "SELECT COUNT(*) FROM big"))).isLessThan(rows);
    Process second = program(server, file, "resume");
    assertThat(second.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).as(Files.readString(directory.resolve("resume.out"))).isZero();
    assertThat(value(server, "SELECT COUNT(*), COUNT(DISTINCT id) = COUNT(*) FROM big"))
        .isEqualTo(String.valueOf(rows));
    assertThat(tables(server)).containsExactly("big");
  }

  /** The program that is killed: arguments are port, file and what to do. */
  static final class Program {
    public static void main(String[] args) throws Exception {
      int port = Integer.parseInt(args[0]);
      DumpFile file = new DumpFile(Path.of(args[1]));
      Target target = target(port);
      Destination to = Dumps.node(Dumps.group(RealServer.Release.MYSQL_8_0_12.version()), true);
      Analysis analysis = Dumps.analyze(file, to, LoadOptions.NONE);
      Loader loader = new Loader(file, analysis, to, LoadOptions.NONE, target, (b, f, s, r) -> {});
      if (args[2].equals("start")) {
        loader.fromStart();
      } else {
        loader.goOn();
      }
    }
  }

  private Process program(RealServer server, Path file, String what) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx40m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            String.valueOf(server.port()),
            file.toString(),
            what)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve(what + ".out").toFile())
        .start();
  }

  private static int bigDump(Path file) throws IOException {
    int id = 0;
    try (BufferedWriter out =
        new BufferedWriter(
            new OutputStreamWriter(Files.newOutputStream(file), StandardCharsets.UTF_8))) {
      out.write("CREATE TABLE big (id int PRIMARY KEY, x varchar(2000));\n");
      for (int i = 0; i < 48; i++) {
        out.write("INSERT INTO big VALUES ");
        for (int j = 0; j < 1000; j++) {
          out.write((j == 0 ? "(" : ",(") + ++id + ",'" + "x;".repeat(500) + "')");
        }
        out.write(";\n");
      }
    }
    return id;
  }

  private Path pack(Path plain, String how) throws IOException, InterruptedException {
    Path packed = directory.resolve("big.sql." + how);
    if (how.equals("gz")) {
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
        Files.copy(plain, out);
      }
    } else {
      try (OutputStream out =
          new io.airlift.compress.zstd.ZstdOutputStream(Files.newOutputStream(packed))) {
        Files.copy(plain, out);
      }
    }
    return packed;
  }

  private static byte[] allBytes() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    return all;
  }

  /** A server, started once for all tests, with an empty schema. */
  private static RealServer shop(RealServer.Release release) throws SQLException {
    RealServer server =
        SERVERS.computeIfAbsent(
            release,
            r -> RealServer.start(r, "[mysqld]\nserver_id=1\nlog_bin=b\nbinlog_format=ROW\n"));
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS shop");
      statement.execute("CREATE DATABASE shop");
    }
    return server;
  }

  private static LoadResult load(RealServer server, DumpFile file, LoadOptions options)
      throws Exception {
    Destination to = destination(server);
    Analysis analysis = Dumps.analyze(file, to, options);
    assertThat(Dumps.findings(analysis)).doesNotContain(": E: ");
    return new Loader(file, analysis, to, options, target(server), (b, f, s, r) -> {}).fromStart();
  }

  private static Loader loader(
      RealServer server, DumpFile file, Analysis analysis, Destination to) {
    return new Loader(file, analysis, to, LoadOptions.NONE, target(server), (b, f, s, r) -> {});
  }

  private static Destination destination(RealServer server) throws SQLException {
    ServerVersion version = ServerVersion.parse(value(server, "SELECT VERSION()")).orElseThrow();
    return Dumps.node(Dumps.group(version), true);
  }

  private static Target target(RealServer server) {
    return target(server.port());
  }

  private static Target target(int port) {
    return new Target(() -> port, new Credentials("root", ""), "shop", false);
  }

  private static String value(RealServer server, String query) throws SQLException {
    try (Connection connection = server.connect()) {
      connection.setCatalog("shop");
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(query)) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private static Set<String> tables(RealServer server) throws SQLException {
    return Set.of(
        value(
                server,
                "SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.TABLES"
                    + " WHERE TABLE_SCHEMA = 'shop'")
            .split(",", -1));
  }

  private static void run(RealServer server, String sql) throws SQLException {
    try (Connection connection = server.connect()) {
      connection.setCatalog("shop");
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }
}
