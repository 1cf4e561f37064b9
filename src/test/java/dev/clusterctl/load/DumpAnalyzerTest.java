package dev.clusterctl.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpAnalyzerTest {
  private static final LoadOptions ALL = new LoadOptions(true, true, true, true);

  @TempDir Path directory;

  @Test
  void whatAGroupCantTakeIsSaidAllAtOnceWithItsLine() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            """
            /*!40101 SET NAMES utf8mb4 */;
            SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
            SET @@SESSION.SQL_LOG_BIN= 0;
            SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '82a56cf6-86d5-420a-bc67-386bc98e3c8b:1-9';
            CREATE TABLE good (
              id int NOT NULL, PRIMARY KEY (id));
            CREATE TABLE keyless (
              a int COMMENT 'PRIMARY KEY',
              KEY (a)
            ) ENGINE=InnoDB;
            CREATE TABLE `old` (
              id int PRIMARY KEY
            ) ENGINE=MyISAM DEFAULT CHARSET=latin1;
            CREATE TABLE child (
              id int PRIMARY KEY, p int,
              CONSTRAINT c FOREIGN KEY (p) REFERENCES good (id) ON DELETE CASCADE
            );
            LOCK TABLES `good` WRITE;
            INSERT INTO good VALUES (1);
            UNLOCK TABLES;
            CREATE TABLE new (id int PRIMARY KEY, t text COLLATE utf8mb4_0900_ai_ci);
            /*!50013 CREATE DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW v AS SELECT 1 */;
            DELIMITER ;;
            CREATE TRIGGER t BEFORE INSERT ON good FOR EACH ROW SET NEW.id = 1 ;;
            DELIMITER ;
            USE `other`;
            GRANT ALL ON *.* TO x;
            """);
    Analysis analysis = Dumps.analyze(file, Dumps.group(Dumps.V57), LoadOptions.NONE);
    assertThat(Dumps.findings(analysis))
        .isEqualTo(
            """
            3: W: SQL_LOG_BIN is skipped: GTIDs and the binary log are the group's own
            4: W: GTID_PURGED is skipped: GTIDs and the binary log are the group's own
            7: E: table keyless has no primary key, and no unique key over columns that are NOT NULL
            13: E: table old has engine MyISAM
            16: E: a foreign key that changes other rows (ON DELETE or ON UPDATE CASCADE, SET NULL): CONSTRAINT c FOREIGN KEY (p) REFERENCES good (id) ON DELETE CASCADE
            18: N: LOCK TABLES is skipped: a group knows no locks of tables (2 times, here first)
            21: E: MySQL 5.7.23 doesn't know the collation utf8mb4_0900_ai_ci
            22: E: definer root@localhost: the application's account may not work for another one
            24: E: a function or trigger, which the application's account may not make (log_bin_trust_function_creators=OFF)
            26: E: the dump is for schema other, and is to be loaded into shop
            27: E: accounts and rights don't belong into an application's dump: GRANT
            """
                .replace("engine MyISAM\n", "engine MyISAM: a group replicates InnoDB only\n"));
    assertThat(analysis.fits()).isFalse();
    assertThat(analysis.errors()).isEqualTo(8);
    assertThat(analysis.findings())
        .filteredOn(f -> f.severity() == Finding.Severity.ERROR)
        .allSatisfy(f -> assertThat(f.advice()).isNotEmpty());
  }

  @Test
  void inSinglePrimaryModeThroughANodeLessIsWrong() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            """
            CREATE TABLE a (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES a (id) ON DELETE SET NULL);
            CREATE DEFINER=`shop`@`10.0.0.1` TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.p = 1;
            CREATE DEFINER=ghost@10.0.0.9 PROCEDURE p() SELECT 1;
            """);
    Destination node = Dumps.node(Dumps.group(Dumps.V97), false);
    assertThat(Dumps.findings(Dumps.analyze(file, node, LoadOptions.NONE)))
        .isEqualTo(
            "3: W: definer ghost@10.0.0.9 is no account here: what it defines fails when it is used\n");
  }

  @Test
  void aUniqueKeyOverColumnsThatAreNotNullIsKeyEnough() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            """
            CREATE TABLE a (x int NOT NULL, y int NOT NULL, UNIQUE KEY u (x, y));
            CREATE TABLE b (x int NOT NULL UNIQUE);
            CREATE TABLE c (x int, UNIQUE (x));
            CREATE TABLE d (x varchar(99) NOT NULL, UNIQUE (x(9)));
            CREATE TABLE e LIKE a;
            """);
    assertThat(Dumps.findings(Dumps.analyze(file, Dumps.group(Dumps.V57), LoadOptions.NONE)))
        .contains("3: E: table c", "4: E: table d")
        .hasLineCount(2);
  }

  @Test
  void aKeyThatComesAfterTheRowsIsMovedBeforeThem() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            """
            CREATE TABLE `users` (
              `id` int(11) NOT NULL,
              `name` text
            ) ENGINE=InnoDB;
            INSERT INTO `users` (`id`, `name`) VALUES (1, 'x');
            CREATE TABLE `empty` (`id` int NOT NULL);
            ALTER TABLE `users`
              ADD PRIMARY KEY (`id`),
              ADD KEY `n` (`name`(9));
            ALTER TABLE `empty` ADD PRIMARY KEY (`id`);
            ALTER TABLE `users`
              MODIFY `id` int(11) NOT NULL AUTO_INCREMENT;
            """);
    Destination group = Dumps.group(Dumps.V57);
    Analysis analysis = Dumps.analyze(file, group, LoadOptions.NONE);
    assertThat(analysis.fits()).isTrue();
    assertThat(Dumps.findings(analysis))
        .hasLineCount(1)
        .startsWith("1: N: table users gets its key");
    assertThat(Dumps.rewritten(file, group, LoadOptions.NONE))
        .isEqualTo(
            """
            CREATE TABLE `users` (
              `id` int(11) NOT NULL,
              `name` text
            ,
              PRIMARY KEY (`id`)
            ) ENGINE=InnoDB
            INSERT INTO `users` (`id`, `name`) VALUES (1, 'x')
            CREATE TABLE `empty` (`id` int NOT NULL)
            ALTER TABLE `users`
              ADD KEY `n` (`name`(9))
            ALTER TABLE `empty` ADD PRIMARY KEY (`id`)
            ALTER TABLE `users`
              MODIFY `id` int(11) NOT NULL AUTO_INCREMENT
            """);
  }

  @Test
  void tablesGetKeysForeignKeysGoEnginesChangeAndDefinersTooWhereThatIsAskedFor() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            """
            CREATE TABLE t (a int, `b` text) ENGINE=MyISAM ROW_FORMAT=FIXED;
            INSERT INTO `t` VALUES (1,'VALUES (2)'),(3,'x');
            INSERT INTO t SET a = 4;
            REPLACE t SELECT 5, 'y';
            CREATE TABLE u (
              id int PRIMARY KEY,
              CONSTRAINT f FOREIGN KEY (id) REFERENCES t (a) ON DELETE CASCADE,
              FOREIGN KEY (id) REFERENCES t (a));
            ALTER TABLE u ADD CONSTRAINT g FOREIGN KEY (id) REFERENCES t (a);
            ALTER TABLE u ADD KEY k (id), ADD FOREIGN KEY (id) REFERENCES t (a), ADD x int;
            /*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 PROCEDURE p() SELECT 1 */;
            """);
    assertThat(Dumps.rewritten(file, Dumps.group(Dumps.V57), ALL))
        .isEqualTo(
            """
            CREATE TABLE t (a int, `b` text,
              `my_row_id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY
            ) ENGINE=InnoDB ROW_FORMAT=DYNAMIC
            INSERT INTO `t` (`a`, `b`)  VALUES (1,'VALUES (2)'),(3,'x')
            INSERT INTO t SET a = 4
            REPLACE t (`a`, `b`)  SELECT 5, 'y'
            CREATE TABLE u (
              id int PRIMARY KEY)
            ALTER TABLE u ADD KEY k (id), ADD x int
            /*!50003 CREATE*/ /*!50017 */ /*!50003 PROCEDURE p() SELECT 1 */
            """);
    assertThat(Dumps.rewritten(file, Dumps.node(Dumps.group(Dumps.V97), true), ALL))
        .contains("AUTO_INCREMENT INVISIBLE PRIMARY KEY")
        .contains("INSERT INTO `t` VALUES")
        .contains("/*!50017 DEFINER=`shop`@`10.0.0.1`*/");
    assertThat(Dumps.analyze(file, Dumps.group(Dumps.V57), ALL).fits()).isTrue();
  }

  @Test
  void aTableWithACounterButNoKeyCantBeGivenAnother() throws Exception {
    DumpFile file =
        Dumps.file(directory, "CREATE TABLE t (id int NOT NULL AUTO_INCREMENT, KEY (id));");
    assertThat(Dumps.findings(Dumps.analyze(file, Dumps.group(Dumps.V97), ALL)))
        .startsWith("1: E: table t has no primary key, though an AUTO_INCREMENT column id");
  }

  @Test
  void referencesInAColumnCountWhereTheVersionMakesForeignKeysOfThem() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            "CREATE TABLE a (id int PRIMARY KEY, p int REFERENCES a (id) ON DELETE CASCADE NOT NULL);");
    assertThat(Dumps.analyze(file, Dumps.group(Dumps.V57), LoadOptions.NONE).fits()).isTrue();
    assertThat(Dumps.analyze(file, Dumps.group(Dumps.V97), LoadOptions.NONE).fits()).isFalse();
    assertThat(Dumps.rewritten(file, Dumps.group(Dumps.V97), ALL))
        .isEqualTo("CREATE TABLE a (id int PRIMARY KEY, p int  NOT NULL)\n");
  }

  @Test
  void settingsLoseWhatIsTheServersOwn() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            """
            /*!40014 SET @OLD=@@UNIQUE_CHECKS, SQL_LOG_BIN=0, UNIQUE_CHECKS=0 */;
            SET AUTOCOMMIT = 0;
            START TRANSACTION;
            SET GLOBAL max_connections = 5;
            /*!50003 SET sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_CREATE_USER,ANSI' */;
            /*!99999 SET no_server_is_that_new = 1 */;
            /*!999999\\- enable the sandbox mode */
            SET time_zone = '+00:00';
            COMMIT;
            """);
    assertThat(Dumps.rewritten(file, Dumps.group(Dumps.V97), LoadOptions.NONE))
        .isEqualTo(
            """
            /*!40014 SET @OLD=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */
            /*!50003 SET sql_mode = 'STRICT_TRANS_TABLES,ANSI' */
            /*!999999\\- enable the sandbox mode */
            SET time_zone = '+00:00'
            """);
    assertThat(Dumps.rewritten(file, Dumps.group(Dumps.V57), LoadOptions.NONE))
        .contains("NO_AUTO_CREATE_USER");
  }

  @Test
  void aTableThatIsThereMustBeDroppedByTheDump() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            """
            DROP TABLE IF EXISTS `a`;
            CREATE TABLE a (id int PRIMARY KEY);
            CREATE TABLE b (id int PRIMARY KEY);
            """);
    Analysis analysis =
        Dumps.analyze(
            file, Dumps.with(Dumps.group(Dumps.V97), Set.of("a", "b", "c")), LoadOptions.NONE);
    assertThat(Dumps.findings(analysis))
        .isEqualTo("3: E: table b is there already, and the dump doesn't drop it\n");
    assertThat(analysis.replaced()).containsExactly("a");
  }

  @Test
  void theTablesThatOldDumpsMakeForViewsFirstAreNoTables() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            """
            CREATE TABLE IF NOT EXISTS `v` (`id` tinyint NOT NULL) ENGINE=MyISAM;
            DROP TABLE IF EXISTS `v`;
            CREATE VIEW v AS SELECT 1 AS id;
            """);
    Analysis analysis = Dumps.analyze(file, Dumps.group(Dumps.V57), LoadOptions.NONE);
    assertThat(analysis.totals().tables()).isZero();
    assertThat(Dumps.findings(analysis)).isEmpty();
  }

  @Test
  void statementsThatAreTooLongForTheServerAreSaidWithTheirLine() throws Exception {
    DumpFile file =
        Dumps.file(
            directory,
            "CREATE TABLE t (id int PRIMARY KEY, x longtext);\nINSERT INTO t VALUES (1,'"
                + "x".repeat(5_000_000)
                + "');\n");
    assertThat(Dumps.findings(Dumps.analyze(file, Dumps.group(Dumps.V97), LoadOptions.NONE)))
        .isEqualTo(
            "2: E: a statement of 5.0 MB, more than the 4.2 MB that get through to the server"
                + " (max_allowed_packet)\n");
  }

  @Test
  void aDumpThatWasCutOffIsRecognised() throws Exception {
    assertThat(findings("-- MySQL dump 10.13\nCREATE TABLE a (id int PRIMARY KEY);\n"))
        .contains("without mysqldump's last line");
    assertThat(findings("-- MySQL dump 10.13\n-- Dump completed on 2026\n")).isEmpty();
    assertThat(findings("INSERT INTO a VALUES ('x;\n")).contains("in the middle of a string");
    Path packed = directory.resolve("cut.sql.gz");
    byte[] all = gzip("SELECT 1;\n".repeat(10_000));
    Files.write(packed, Arrays.copyOf(all, all.length - 30));
    assertThatThrownBy(
            () -> Dumps.analyze(new DumpFile(packed), Dumps.group(Dumps.V97), LoadOptions.NONE))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("can't be unpacked after line");
  }

  @Test
  void characterSetsInWhichAQuoteCanBeHalfACharacterAreRefused() throws Exception {
    assertThat(findings("/*!40101 SET NAMES gbk */;")).contains("half of a character");
    assertThat(findings("SET sql_mode='NO_BACKSLASH_ESCAPES';")).contains("NO_BACKSLASH_ESCAPES");
  }

  private String findings(String dump) throws IOException, InterruptedException {
    return Dumps.findings(
        Dumps.analyze(Dumps.file(directory, dump), Dumps.group(Dumps.V97), LoadOptions.NONE));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return bytes.toByteArray();
  }
}
