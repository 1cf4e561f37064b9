package dev.clusterctl.mysql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a server didn't get into its group, going by what it wrote to its error log meanwhile. The
 * group's tables only say ERROR.
 *
 * @param lines its errors, the last ones, without what each entry begins with
 */
public record JoinFailure(Cause cause, List<String> lines) {
  private static final int SHOWN = 4;

  /** From 8.0 on there is a code and a subsystem between the two. */
  private static final Pattern ERROR = Pattern.compile("\\[ERROR\\](?: \\[[^]]*\\])* (.*)");

  private static final Pattern OF_THE_PLUGIN =
      Pattern.compile("Plugin group_replication reported: '(.*)'");

  /** What follows from every failure, and explains none. */
  private static final List<String> CONSEQUENCES =
      List.of(
          "The server was automatically set into",
          "Skipping leave operation",
          "There was a previous plugin error while the member joined the group");

  public JoinFailure {
    lines = List.copyOf(lines);
  }

  /**
   * What is behind it, as far as it is known. Recognised by words of the server's messages (from
   * the list of errors of 9.7.4), as messages have no codes in 5.7; another wording is {@link
   * #OTHER}.
   */
  public enum Cause {
    /** It has what the group never had. */
    OWN_TRANSACTIONS(
        false,
        "has more executed transactions than those present in the group",
        "contains transactions not present in the group"),
    /** Its version or its options don't go with the others'. */
    INCOMPATIBLE(
        false,
        "Member version is incompatible",
        "is not compatible with the group configuration",
        "different from the group"),
    /** There is no place for a tenth member. */
    FULL(false, "already has 9 members"),
    /** It lacks what no member's binary logs hold any more. */
    LOGS_PURGED(true, "fatal error 1236", "No valid or ONLINE members exist to get the missing"),
    /** The account for recovery was refused. */
    REFUSED_LOGIN(true, "Access denied for user"),
    /** Anything else: a donor that was lost, a view that didn't come in time. */
    OTHER(true);

    private final boolean passing;
    private final List<String> words;

    Cause(boolean passing, String... words) {
      this.passing = passing;
      this.words = List.of(words);
    }

    /** Whether another attempt may get it in. */
    public boolean passing() {
      return passing;
    }
  }

  /**
   * @param log lines of a server's error log since the attempt began, of any kind
   */
  public static JoinFailure of(List<String> log) {
    List<String> errors = new ArrayList<>();
    for (String line : log) {
      Matcher error = ERROR.matcher(line);
      if (error.find()) {
        String text = error.group(1).strip();
        Matcher plugin = OF_THE_PLUGIN.matcher(text);
        text = plugin.find() ? plugin.group(1) : text;
        if (CONSEQUENCES.stream().noneMatch(text::contains)) {
          // Said again and again, it counts once, where it was said last.
          errors.remove(text);
          errors.add(text);
        }
      }
    }
    return new JoinFailure(
        cause(errors), errors.subList(Math.max(0, errors.size() - SHOWN), errors.size()));
  }

  /** The first that fits: what can't pass comes first. */
  private static Cause cause(List<String> errors) {
    for (Cause cause : Cause.values()) {
      if (errors.stream().anyMatch(error -> cause.words.stream().anyMatch(error::contains))) {
        return cause;
      }
    }
    return Cause.OTHER;
  }
}
