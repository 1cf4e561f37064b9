package dev.clusterctl.dialect;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The versions for which something holds: one or more ranges, each from a version (inclusive) to
 * another (exclusive) or for ever.
 *
 * <p>MySQL gave some things to two series at once ("5.7.24 and 8.0.12"): then 8.0.11 hasn't got
 * what the older 5.7.24 has.
 */
public final class Versions {
  private final List<Range> ranges;

  private record Range(ServerVersion from, Optional<ServerVersion> until) {
    boolean holds(ServerVersion version) {
      return version.compareTo(from) >= 0
          && until.map(end -> version.compareTo(end) < 0).orElse(true);
    }

    @Override
    public String toString() {
      return from + until.map(end -> " to before " + end).orElse(" and later");
    }
  }

  private Versions(List<Range> ranges) {
    this.ranges = ranges;
  }

  /**
   * From the first version on; where several are given, each of them begins the range of its own
   * series, up to the next one's series.
   *
   * @param first in rising order, such as {@code "5.7.24", "8.0.12"}
   */
  static Versions since(String... first) {
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < first.length; i++) {
      Optional<ServerVersion> end =
          i + 1 < first.length ? Optional.of(seriesStart(version(first[i + 1]))) : Optional.empty();
      ranges.add(new Range(version(first[i]), end));
    }
    return new Versions(List.copyOf(ranges));
  }

  /** Every version that clusterctl knows of, up to the given one (exclusive). */
  static Versions before(String end) {
    return since("0.0.0").until(end);
  }

  /** The same, but only for versions before the given one. */
  Versions until(String end) {
    ServerVersion limit = version(end);
    return new Versions(
        ranges.stream()
            .filter(r -> r.from().compareTo(limit) < 0)
            .map(
                r ->
                    new Range(
                        r.from(),
                        r.until().filter(u -> u.compareTo(limit) < 0).or(() -> Optional.of(limit))))
            .toList());
  }

  /** Whether the version is one of these. */
  public boolean contains(ServerVersion version) {
    return ranges.stream().anyMatch(r -> r.holds(version));
  }

  /** For people: {@code 5.7.24 to before 8.0.0, 8.0.12 and later}. */
  @Override
  public String toString() {
    return String.join(", ", ranges.stream().map(Range::toString).toList());
  }

  private static ServerVersion seriesStart(ServerVersion version) {
    return new ServerVersion(version.major(), version.minor(), 0);
  }

  private static ServerVersion version(String text) {
    return ServerVersion.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
  }
}
