package dev.clusterctl.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementReaderTest {

  @Test
  void statementsEndAtSemicolonsThatArePartOfNothing() throws Exception {
    assertThat(
            texts(
                """
                INSERT INTO `a;b` VALUES ('x;y', "p;q", 'it''s;', 'esc\\';', "\\\\");
                SELECT 1 /* no; end */ + 1 -- nor; here
                  , 2 # or; here
                ;
                """))
        .containsExactly(
            "INSERT INTO `a;b` VALUES ('x;y', \"p;q\", 'it''s;', 'esc\\';', \"\\\\\")",
            "SELECT 1 /* no; end */ + 1 -- nor; here\n  , 2 # or; here\n");
  }

  @Test
  void commentsBetweenStatementsAreNoStatementsAndVersionedOnesAre() throws Exception {
    assertThat(
            texts(
                """
                -- MySQL dump 10.13; really
                --
                # another; one
                /* and; one */
                /*!40101 SET NAMES utf8 */;
                ;;
                /*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @x = ';' */;
                """))
        .containsExactly(
            "/*!40101 SET NAMES utf8 */",
            "/*!50003 CREATE*/ /*!50003 TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @x = ';' */");
  }

  @Test
  void aSemicolonInAVersionedCommentEndsNothing() throws Exception {
    assertThat(texts("/*!50003 CREATE PROCEDURE p() BEGIN SELECT 1; END */; SELECT 2;"))
        .containsExactly("/*!50003 CREATE PROCEDURE p() BEGIN SELECT 1; END */", "SELECT 2");
  }

  @Test
  void delimiterLinesChangeWhatEndsAStatement() throws Exception {
    assertThat(
            texts(
                """
                DELIMITER ;;
                CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END ;;
                delimiter //
                SELECT 3; //
                DELIMITER ;
                SELECT delimiter FROM t;
                """))
        .containsExactly(
            "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END ",
            "SELECT 3; ",
            "SELECT delimiter FROM t");
  }

  @Test
  void minusMinusIsAnOperatorUnlessABlankFollows() throws Exception {
    assertThat(texts("SELECT 5--3; SELECT 1 --;\n;")).containsExactly("SELECT 5--3", "SELECT 1 --");
  }

  @Test
  void linesAndOffsetsAreThoseOfTheDump() throws Exception {
    String dump = "\n-- x\nSELECT\n 1;\n\n  SELECT 'a\nb';SELECT 3";
    List<DumpStatement> all = read(dump, 1000);
    assertThat(all.stream().map(DumpStatement::line)).containsExactly(3L, 6L, 7L);
    for (DumpStatement s : all) {
      assertThat(dump.substring((int) s.start(), (int) s.end())).startsWith(s.text());
    }
    assertThat(all.get(1).lineAt(all.get(1).text().indexOf('b'))).isEqualTo(7);
    assertThat(all.get(2).end()).isEqualTo(dump.length());
  }

  @Test
  void everyByteArrivesAsItIs() throws Exception {
    byte[] dump = new byte[256 + 4];
    System.arraycopy("X'".getBytes(StandardCharsets.US_ASCII), 0, dump, 0, 2);
    for (int i = 0; i < 256; i++) {
      dump[2 + i] = (byte) (i == '\'' || i == '\\' ? 'x' : i);
    }
    dump[258] = '\'';
    dump[259] = ';';
    try (StatementReader reader = new StatementReader(new ByteArrayInputStream(dump), 1000)) {
      DumpStatement only = reader.next().orElseThrow();
      assertThat(only.text().getBytes(StandardCharsets.ISO_8859_1))
          .isEqualTo(java.util.Arrays.copyOf(dump, 259));
    }
  }

  @Test
  void ofALongStatementTheBeginningIsKeptAndTheRestCounted() throws Exception {
    String dump = "INSERT INTO t VALUES ('" + "a;".repeat(100_000) + "');\nSELECT 2;";
    List<DumpStatement> all = read(dump, 100);
    assertThat(all).hasSize(2);
    assertThat(all.get(0).text()).hasSize(100).startsWith("INSERT INTO t");
    assertThat(all.get(0).length()).isEqualTo(dump.indexOf("\n") - 1);
    assertThat(all.get(0).whole()).isFalse();
    assertThat(all.get(1).whole()).isTrue();
    assertThat(all.get(1).line()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SELECT 'abc;\n", "SELECT `abc;\n", "SELECT 1 /* x;\n", "/*!40101 SET x;"})
  void aTextThatEndsInTheMiddleOfSomethingSaysSo(String dump) throws Exception {
    List<DumpStatement> all = read("SELECT 1;\n" + dump, 1000);
    assertThat(all.get(1).unfinished().orElseThrow()).endsWith("begins in line 2");
  }

  @Test
  void howTheTextComesInPiecesMakesNoDifference() throws Exception {
    String dump =
        "/*!40101 SET x=1 */;-- c\nDELIMITER ;;\nSELECT ';' /* ;; */, `;;`, 'x\\';;';;\nDELIMITER ;\nSELECT--\n 1;";
    InputStream drops =
        new ByteArrayInputStream(dump.getBytes(StandardCharsets.ISO_8859_1)) {
          @Override
          public synchronized int read(byte[] to, int offset, int length) {
            return super.read(to, offset, Math.min(length, 1));
          }
        };
    assertThat(read(drops, 1000)).isEqualTo(read(dump, 1000));
    assertThat(texts(dump)).hasSize(3);
  }

  @Test
  void aByteOrderMarkIsSkippedAndUtf16IsRefused() throws Exception {
    assertThat(texts("\u00ef\u00bb\u00bfSELECT 1;")).containsExactly("SELECT 1");
    assertThatThrownBy(() -> texts("\u00ff\u00feS\0E\0"))
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("UTF-16");
  }

  private static List<String> texts(String dump) throws IOException {
    return read(dump, 10_000).stream().map(DumpStatement::text).toList();
  }

  private static List<DumpStatement> read(String dump, int keep) throws IOException {
    return read(new ByteArrayInputStream(dump.getBytes(StandardCharsets.ISO_8859_1)), keep);
  }

  private static List<DumpStatement> read(InputStream in, int keep) throws IOException {
    List<DumpStatement> all = new ArrayList<>();
    try (StatementReader reader = new StatementReader(in, keep)) {
      for (Optional<DumpStatement> s = reader.next(); s.isPresent(); s = reader.next()) {
        all.add(s.get());
      }
    }
    return all;
  }
}
