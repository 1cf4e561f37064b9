package dev.clusterctl.operation.failover;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a fail-over test found.
 *
 * @param run the run's name: its tables carried it
 * @param options what was asked for
 * @param clients where clients connected
 * @param timeline what happened when
 * @param faultAt when the fault came, counted from the beginning of the load
 * @param writes what writers felt
 * @param reads what readers felt
 * @param errors what clients were told
 * @param firstError from the fault to the first error any client met; empty: none did
 * @param recovery from the fault to the end of the longest gap without an acknowledged write;
 *     empty: writes never came back
 * @param returned from the fault until the node was ONLINE again; empty: it didn't return in time
 * @param verification what the nodes have of what was written
 * @param notes what else a person should know
 * @param checks what had to be true
 */
public record FailoverReport(
    String run,
    FailoverOptions options,
    String clients,
    List<Moment> timeline,
    Duration faultAt,
    Traffic writes,
    Traffic reads,
    List<Error> errors,
    Optional<Duration> firstError,
    Optional<Duration> recovery,
    Optional<Duration> returned,
    Verification verification,
    List<String> notes,
    List<Check> checks) {
  public FailoverReport {
    timeline = List.copyOf(timeline);
    errors = List.copyOf(errors);
    notes = List.copyOf(notes);
    checks = List.copyOf(checks);
  }

  /**
   * Something that happened.
   *
   * @param at since the beginning of the load
   */
  public record Moment(Duration at, String what) {}

  /**
   * Errors of one kind.
   *
   * @param doing connect, write or read
   * @param code the server's error code; 0 where the connection broke
   * @param sqlState may be empty
   * @param message the first one's
   * @param first since the beginning of the load
   * @param last since the beginning of the load
   */
  public record Error(
      String doing,
      int code,
      String sqlState,
      String message,
      long count,
      Duration first,
      Duration last) {}

  /**
   * Something that had to be true.
   *
   * @param name as a sentence
   * @param detail what was found
   */
  public record Check(String name, boolean passed, String detail) {}

  /** Whether everything that had to be true is. */
  public boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }

  /** Why it didn't pass; empty where it did. */
  public List<String> reasons() {
    return checks.stream()
        .filter(c -> !c.passed())
        .map(c -> "not so: " + c.name() + ": " + c.detail())
        .toList();
  }

  /** For people: aligned, without colours, lines end in {@code \n}. */
  public String text() {
    return ReportText.of(this);
  }

  /**
   * For programs: durations are in milliseconds.
   *
   * @return one JSON object
   */
  public String json() {
    return ReportJson.of(this);
  }

  /** The same as {@link #json} as maps and lists; durations in milliseconds, null where unknown. */
  public Map<String, @Nullable Object> data() {
    return ReportJson.report(this);
  }

  /** For CI servers: a test suite of which each check is a test case. */
  public String junitXml() {
    return ReportJUnit.of(this);
  }
}
