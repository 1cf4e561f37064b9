package dev.clusterctl.mysql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A set of global transaction identifiers, with the algebra of the server's own {@code
 * GTID_SUBTRACT} and {@code GTID_SUBSET}. Immutable.
 *
 * <p>Reads whatever a server prints: line breaks and blanks, several intervals per source, upper
 * case, and the tags of MySQL 8.3 and later. {@link #toString} gives the server's normal form, so
 * two equal sets have the same text.
 */
public final class GtidSet {

  /** The set without transactions. */
  public static final GtidSet EMPTY = new GtidSet(new TreeMap<>());

  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern TAG_TEXT = Pattern.compile("[a-z_][a-z0-9_]{0,31}");
  private static final Pattern INTERVAL_TEXT =
      Pattern.compile("[0-9]{1,19}(\\s*-\\s*[0-9]{1,19})?");

  /** The server's own limit: one less than the largest 64-bit number. */
  private static final long LARGEST_NUMBER = Long.MAX_VALUE - 1;

  private final TreeMap<Source, Intervals> intervals;

  private GtidSet(TreeMap<Source, Intervals> intervals) {
    this.intervals = intervals;
  }

  /**
   * Where transactions come from: a server (or a group) and, from MySQL 8.3 on, a tag.
   *
   * @param uuid {@code server_uuid}, or {@code group_replication_group_name}
   * @param tag a lower-case letter or underscore and up to 31 of these and digits; empty: none
   */
  public record Source(UUID uuid, String tag) implements Comparable<Source> {
    // UUID's own order is by signed numbers, the server's by bytes.
    private static final Comparator<Source> ORDER =
        Comparator.comparing((Source s) -> s.uuid.toString()).thenComparing(Source::tag);

    /**
     * @throws IllegalArgumentException if the tag isn't one
     */
    public Source {
      if (!tag.isEmpty() && !TAG_TEXT.matcher(tag).matches()) {
        throw new IllegalArgumentException("'%s' is not a GTID tag".formatted(tag));
      }
    }

    @Override
    public int compareTo(Source other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return tag.isEmpty() ? uuid.toString() : uuid + ":" + tag;
    }
  }

  /**
   * Reads a set as the server prints it, and as lax as the server itself about what people write: a
   * source without numbers, an interval that ends before it begins and an empty entry count for
   * nothing.
   *
   * @throws IllegalArgumentException if the text isn't a GTID set
   */
  public static GtidSet parse(String text) {
    TreeMap<Source, List<Interval>> found = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      String entry = part.strip().toLowerCase(Locale.ROOT);
      if (!entry.isEmpty()) {
        parseEntry(entry, text, found);
      }
    }
    TreeMap<Source, Intervals> normal = new TreeMap<>();
    found.forEach((source, list) -> putUnlessEmpty(normal, source, Intervals.of(list)));
    return new GtidSet(normal);
  }

  private static void parseEntry(String entry, String whole, Map<Source, List<Interval>> found) {
    String[] words = entry.split(":", -1);
    String server = words[0].strip();
    if (!UUID_TEXT.matcher(server).matches()) {
      throw malformed(whole, "'%s' is not a UUID".formatted(server));
    }
    Source source = new Source(UUID.fromString(server), "");
    for (int i = 1; i < words.length; i++) {
      String word = words[i].strip();
      if (INTERVAL_TEXT.matcher(word).matches()) {
        found.computeIfAbsent(source, s -> new ArrayList<>()).addAll(interval(word, whole));
      } else if (TAG_TEXT.matcher(word).matches()) {
        source = new Source(source.uuid(), word);
      } else {
        throw malformed(whole, "'%s' is neither a number, an interval nor a tag".formatted(word));
      }
    }
  }

  /** One interval, or none: the server ignores one that ends before it begins. */
  private static List<Interval> interval(String word, String whole) {
    String[] ends = word.split("-", -1);
    long first = number(ends[0].strip(), 1, whole);
    long last = number(ends[ends.length - 1].strip(), 0, whole);
    return first <= last ? List.of(new Interval(first, last)) : List.of();
  }

  private static long number(String digits, long least, String whole) {
    try {
      long number = Long.parseLong(digits);
      if (number >= least && number <= LARGEST_NUMBER) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Nineteen digits may be too many: the same message as for other numbers out of range.
    }
    throw malformed(whole, "%s is not between 1 and %d".formatted(digits, LARGEST_NUMBER));
  }

  private static IllegalArgumentException malformed(String whole, String why) {
    String shown = whole.length() <= 200 ? whole : whole.substring(0, 200) + "…";
    return new IllegalArgumentException("'%s' is not a GTID set: %s".formatted(shown.strip(), why));
  }

  /** The transactions of either set. */
  public GtidSet union(GtidSet other) {
    TreeMap<Source, Intervals> result = new TreeMap<>(intervals);
    other.intervals.forEach((source, theirs) -> result.merge(source, theirs, Intervals::union));
    return new GtidSet(result);
  }

  /** The transactions of this set that the other one lacks. */
  public GtidSet subtract(GtidSet other) {
    TreeMap<Source, Intervals> result = new TreeMap<>();
    intervals.forEach(
        (source, ours) -> putUnlessEmpty(result, source, ours.subtract(other.of(source))));
    return new GtidSet(result);
  }

  /** The transactions of both sets. */
  public GtidSet intersect(GtidSet other) {
    TreeMap<Source, Intervals> result = new TreeMap<>();
    intervals.forEach(
        (source, ours) -> putUnlessEmpty(result, source, ours.intersect(other.of(source))));
    return new GtidSet(result);
  }

  /** Whether every transaction of the other set is in this one too. */
  public boolean contains(GtidSet other) {
    return other.subtract(this).isEmpty();
  }

  /** The transactions of one source. */
  public GtidSet only(Source source) {
    TreeMap<Source, Intervals> result = new TreeMap<>();
    putUnlessEmpty(result, source, of(source));
    return new GtidSet(result);
  }

  /** How many transactions; {@link Long#MAX_VALUE} where there are more than that. */
  public long count() {
    long sum = 0;
    for (Intervals ofSource : intervals.values()) {
      long count = ofSource.count();
      if (sum > Long.MAX_VALUE - count) {
        return Long.MAX_VALUE;
      }
      sum += count;
    }
    return sum;
  }

  /** How many, for people: {@code 1 transaction}. */
  public String counted() {
    long count = count();
    return count == 1 ? "1 transaction" : count + " transactions";
  }

  public boolean isEmpty() {
    return intervals.isEmpty();
  }

  /** Where the transactions come from, in the server's order. */
  public SortedSet<Source> sources() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(intervals.keySet()));
  }

  private Intervals of(Source source) {
    return intervals.getOrDefault(source, Intervals.NONE);
  }

  private static void putUnlessEmpty(
      Map<Source, Intervals> map, Source source, Intervals ofSource) {
    if (!ofSource.isEmpty()) {
      map.put(source, ofSource);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GtidSet that && intervals.equals(that.intervals);
  }

  @Override
  public int hashCode() {
    return intervals.hashCode();
  }

  /**
   * The normal form: sources in order, a server's tags after its untagged transactions, intervals
   * joined and in order, as in {@code 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5:9:backup:1-2}. On a
   * single line, while the server puts a line break after each comma.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    Source previous = null;
    for (Map.Entry<Source, Intervals> entry : intervals.entrySet()) {
      Source source = entry.getKey();
      if (previous == null || !previous.uuid().equals(source.uuid())) {
        text.append(previous == null ? "" : ",").append(source);
      } else {
        text.append(':').append(source.tag());
      }
      text.append(':').append(entry.getValue());
      previous = source;
    }
    return text.toString();
  }
}
