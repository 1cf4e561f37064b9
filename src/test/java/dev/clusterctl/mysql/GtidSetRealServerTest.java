package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The algebra against the server's own; without tags, which these servers don't know. */
@Tag("integration")
class GtidSetRealServerTest {
  private static final int PAIRS = 300;

  @ParameterizedTest
  @EnumSource
  void agreesWithTheServersOwnFunctions(RealServer.Release release) throws Exception {
    try (RealServer server = RealServer.start(release);
        Session session = RealSessions.open(server)) {
      for (long seed = 0; seed < PAIRS; seed++) {
        Random random = new Random(seed);
        GtidSet a = untagged(random);
        GtidSet b = untagged(random);
        Row answer =
            session
                .query(
                    "SELECT GTID_SUBTRACT(?, ?) AS difference, GTID_SUBTRACT(CONCAT(?, ',', ?), '')"
                        + " AS joined, GTID_SUBSET(?, ?) AS subset",
                    a.toString(),
                    b.toString(),
                    a.toString(),
                    b.toString(),
                    a.toString(),
                    b.toString())
                .get(0);
        String pair = "seed %d: a = '%s', b = '%s'".formatted(seed, a, b);
        assertThat(a.subtract(b)).as(pair).hasToString(printed(answer.text("difference")));
        assertThat(a.union(b)).as(pair).hasToString(printed(answer.text("joined")));
        assertThat(b.contains(a)).as(pair).isEqualTo(answer.number("subset") == 1);
      }
    }
  }

  private static GtidSet untagged(Random random) {
    GtidSet any = GtidSetTest.random(random, new HashSet<>());
    return any.sources().stream()
        .filter(source -> source.tag().isEmpty())
        .map(any::only)
        .reduce(GtidSet.EMPTY, GtidSet::union);
  }

  private static String printed(String byServer) {
    return byServer.replace("\n", "");
  }
}
