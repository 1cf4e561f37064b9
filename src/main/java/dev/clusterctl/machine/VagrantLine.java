package dev.clusterctl.machine;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A line of what {@code vagrant --machine-readable} prints: {@code TIME,TARGET,TYPE,DATA…}, with
 * commas and line ends in data escaped.
 *
 * @param target the machine it is about; empty: none
 * @param type such as {@code state}, {@code ui} or {@code error-exit}
 */
record VagrantLine(String target, String type, List<String> data) {
  private static final int TARGET = 1;
  private static final int TYPE = 2;
  private static final int DATA = 3;

  VagrantLine {
    data = List.copyOf(data);
  }

  /** Empty where the line is something else: Ruby's own warnings and stack traces. */
  static Optional<VagrantLine> parse(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length <= TYPE
        || fields[0].isEmpty()
        || !fields[0].chars().allMatch(Character::isDigit)) {
      return Optional.empty();
    }
    return Optional.of(
        new VagrantLine(
            fields[TARGET],
            fields[TYPE],
            Arrays.stream(fields).skip(DATA).map(VagrantLine::unescape).toList()));
  }

  /** What Vagrant would tell a person of its progress; empty where this is something else. */
  Optional<String> shown() {
    return type.equals("ui") && data.size() > 1 && !isError()
        ? Optional.of(data.get(1))
        : Optional.empty();
  }

  /** Whether it says why something failed. */
  boolean isError() {
    return type.equals("error-exit") || (type.equals("ui") && data.get(0).equals("error"));
  }

  private static String unescape(String field) {
    return field.replace("%!(VAGRANT_COMMA)", ",").replace("\\n", "\n").replace("\\r", "\r");
  }
}
