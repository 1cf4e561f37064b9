package dev.clusterctl.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class GtidSetTest {
  static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  static final String B = "82a56cf6-86d5-420a-bc67-386bc98e3c8b";

  // Answers of MySQL 9.7.4's GTID_SUBTRACT(text, '').
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|''",
        "A:1|A:1",
        "A:1-1|A:1",
        "A:1-3:5:7-9|A:1-3:5:7-9",
        "A:7:1-3:2-5:6|A:1-7",
        "B:1,A:2|A:2,B:1",
        "A:1,A:2,A:4|A:1-2:4",
        " A : 1 - 3 : 5 |A:1-3:5",
        "A:5-4|''",
        "A:5-0|''",
        "A:5-4:9|A:9",
        "A|''",
        "A:tag|''",
        "A:tag:tag2:1|A:tag2:1",
        ",A:1,,A:2,|A:1-2",
        "A:1-9223372036854775806|A:1-9223372036854775806",
        "A:1-5:9:Backup:1-2,A:aa:3:zz:5-6|A:1-5:9:aa:3:backup:1-2:zz:5-6",
        "A:tag:1-3:other:5|A:other:5:tag:1-3",
        "A:_:1,A:1|A:1:_:1"
      })
  void readsWhatTheServerReadsAndPrintsWhatItPrints(String text, String printed) {
    GtidSet set = GtidSet.parse(real(text));
    assertThat(set).hasToString(real(printed));
    assertThat(GtidSet.parse(set.toString())).isEqualTo(set);
    assertThat(GtidSet.parse(real(text).toUpperCase())).isEqualTo(set).hasSameHashCodeAs(set);
  }

  @Test
  void readsTheLineBreaksThatTheServerPrints() {
    assertThat(GtidSet.parse(A + ":1-3,\n" + B + ":1-77\n")).hasToString(A + ":1-3," + B + ":1-77");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A:0",
        "A:0-3",
        "A:1:",
        "A::1",
        "A:9223372036854775807",
        "A:99999999999999999999",
        "A:1-2-3",
        "A:ta g:1",
        "A:2tag:1",
        "A:thirty_three_characters_are_too_many:1",
        "A:-1",
        "A:1;2",
        "mysql-bin.000003:1",
        "3e11fa47:1",
        "A 1-3"
      })
  void refusesWhatIsNoGtidSetAndQuotesIt(String text) {
    assertThatThrownBy(() -> GtidSet.parse(real(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a GTID set")
        .hasMessageContaining(real(text));
  }

  @Test
  void countsWithoutOverflow() {
    assertThat(GtidSet.EMPTY.count()).isZero();
    assertThat(set("A:1-5:9:tag:1-2,B:3").count()).isEqualTo(9);
    assertThat(set("A:1-9223372036854775806").count()).isEqualTo(Long.MAX_VALUE - 1);
    assertThat(set("A:1-9223372036854775806,B:1").count()).isEqualTo(Long.MAX_VALUE);
    assertThat(set("A:1-9223372036854775806,B:1-2").count()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theLargestNumberTakesPartInTheAlgebra() {
    GtidSet all = set("A:1-9223372036854775806");
    assertThat(all.union(all)).isEqualTo(all);
    assertThat(all.subtract(all)).isEqualTo(GtidSet.EMPTY);
    assertThat(all.subtract(set("A:9223372036854775806")))
        .isEqualTo(set("A:1-9223372036854775805"));
    assertThat(all.intersect(set("A:9223372036854775806:7")))
        .isEqualTo(set("A:7:9223372036854775806"));
  }

  @Test
  void namesItsSourcesInTheServersOrder() {
    // Java orders UUIDs as signed numbers: 8… before 3….
    assertThat(set("B:1,A:tag:1,A:1").sources())
        .containsExactly(
            new GtidSet.Source(UUID.fromString(A), ""),
            new GtidSet.Source(UUID.fromString(A), "tag"),
            new GtidSet.Source(UUID.fromString(B), ""));
  }

  @Test
  void theTransactionsOfOneSourceAreItsOnly() {
    GtidSet set = set("A:1-3:tag:7,B:1");
    assertThat(set.only(new GtidSet.Source(UUID.fromString(A), "tag"))).isEqualTo(set("A:tag:7"));
    assertThat(set.only(new GtidSet.Source(UUID.fromString(B), "tag"))).isEqualTo(GtidSet.EMPTY);
  }

  @Test
  void tagsAreSourcesOfTheirOwn() {
    assertThat(set("A:1-3").contains(set("A:tag:1"))).isFalse();
    assertThat(set("A:1-3:tag:1").subtract(set("A:1-3"))).isEqualTo(set("A:tag:1"));
    assertThat(set("A:Tag:1")).isEqualTo(set("A:tag:1"));
  }

  /** The same algebra on plain sets of single transactions; small numbers, so that they collide. */
  @Test
  void agreesWithPlainSetsOfTransactions() {
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      Set<String> one = new HashSet<>();
      Set<String> two = new HashSet<>();
      GtidSet a = random(random, one);
      GtidSet b = random(random, two);
      try {
        assertAlgebra(a, one, b, two);
      } catch (AssertionError e) {
        throw new AssertionError("seed %d: a = '%s', b = '%s'".formatted(seed, a, b), e);
      }
    }
  }

  private static void assertAlgebra(GtidSet a, Set<String> one, GtidSet b, Set<String> two) {
    Set<String> either = new HashSet<>(one);
    either.addAll(two);
    Set<String> left = new HashSet<>(one);
    left.removeAll(two);
    Set<String> both = new HashSet<>(one);
    both.retainAll(two);

    assertThat(members(a)).isEqualTo(one);
    assertThat(members(a.union(b))).isEqualTo(either);
    assertThat(members(a.subtract(b))).isEqualTo(left);
    assertThat(members(a.intersect(b))).isEqualTo(both);
    assertThat(a.contains(b)).isEqualTo(one.containsAll(two));
    assertThat(a.count()).isEqualTo(one.size());
    assertThat(a.isEmpty()).isEqualTo(one.isEmpty());
    assertThat(a.equals(b)).isEqualTo(one.equals(two));
    // The normal form is one: however a set came about, it's equal and prints the same.
    assertThat(a.subtract(b).union(a.intersect(b))).isEqualTo(a).hasToString(a.toString());
    assertThat(a.union(b)).isEqualTo(b.union(a));
    assertThat(GtidSet.parse(a.toString())).isEqualTo(a);
  }

  /** A random text, in no order, overlapping; fills {@code members} with what it stands for. */
  public static GtidSet random(Random random, Set<String> members) {
    StringBuilder text = new StringBuilder();
    for (int entry = random.nextInt(4); entry > 0; entry--) {
      String source = random.nextBoolean() ? A : B;
      String tag = random.nextInt(3) == 0 ? "" : random.nextBoolean() ? "x" : "y";
      text.append(text.isEmpty() ? "" : ", ").append(source);
      text.append(tag.isEmpty() ? "" : ":" + tag);
      for (int interval = 1 + random.nextInt(4); interval > 0; interval--) {
        int first = 1 + random.nextInt(15);
        int last = first + random.nextInt(5) - 1;
        text.append(':').append(first).append('-').append(last);
        for (int n = first; n <= last; n++) {
          members.add(source + ":" + tag + ":" + n);
        }
      }
    }
    return GtidSet.parse(text.toString());
  }

  private static Set<String> members(GtidSet set) {
    Set<String> found = new HashSet<>();
    for (GtidSet.Source source : set.sources()) {
      for (int n = 1; n <= 20; n++) {
        if (set.contains(GtidSet.parse(source + ":" + n))) {
          found.add(source.uuid() + ":" + source.tag() + ":" + n);
        }
      }
    }
    return found;
  }

  static GtidSet set(String text) {
    return GtidSet.parse(real(text));
  }

  static String real(String text) {
    return text.replaceAll("\\bA\\b", A).replaceAll("\\bB\\b", B);
  }
}
