package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.render.SysHelpers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our algebra of GTID sets and the server's say the same of random sets. */
@Tag("integration")
class GtidSetServerTest {
  private static final int SETS = 500;

  @ParameterizedTest
  @EnumSource
  void agreesWithTheServer(RealServer.Release release) throws Exception {
    try (RealServer server = RealServer.start(release);
        Connection connection = server.connect()) {
      for (String sql : SysHelpers.sql(release.version())) {
        try (Statement statement = connection.createStatement()) {
          statement.execute(sql);
        }
      }
      try (PreparedStatement ask =
          connection.prepareStatement(
              "SELECT GTID_SUBTRACT(?, ?), GTID_SUBTRACT(CONCAT(?, ',', ?), ''), GTID_SUBSET(?, ?),"
                  + " sys.GTID_COUNT(?)")) {
        for (long seed = 0; seed < SETS; seed++) {
          Random random = new Random(seed);
          String a = text(random);
          String b = text(random);
          int i = 1;
          for (String set : List.of(a, b, a, b, a, b, a)) {
            ask.setString(i++, set);
          }
          GtidSet ours = GtidSet.parse(a);
          GtidSet theirs = GtidSet.parse(b);
          try (ResultSet answer = ask.executeQuery()) {
            assertThat(answer.next()).isTrue();
            String what = "seed %d: a = '%s', b = '%s'".formatted(seed, a, b);
            assertThat(answer.getString(1).replace("\n", ""))
                .as("a less b, " + what)
                .isEqualTo(ours.subtract(theirs).toString());
            assertThat(answer.getString(2).replace("\n", ""))
                .as("a and b, " + what)
                .isEqualTo(ours.union(theirs).toString());
            assertThat(answer.getBoolean(3))
                .as("b holds a, " + what)
                .isEqualTo(theirs.contains(ours));
            assertThat(answer.getLong(4)).as("size of a, " + what).isEqualTo(ours.count());
          }
        }
      }
    }
  }

  /** A set as people write it: in no order, overlapping, with blanks. No tags: none had them. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int entry = random.nextInt(4); entry > 0; entry--) {
      text.append(text.isEmpty() ? "" : " , ");
      text.append(random.nextBoolean() ? GtidSetTest.A : GtidSetTest.B);
      for (int interval = 1 + random.nextInt(4); interval > 0; interval--) {
        int first = 1 + random.nextInt(15);
        int length = random.nextInt(5);
        text.append(':').append(first);
        text.append(length == 0 ? "" : "-" + (first + length - 1));
      }
    }
    return text.toString();
  }
}
