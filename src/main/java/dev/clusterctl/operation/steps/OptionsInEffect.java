package dev.clusterctl.operation.steps;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the options that a server runs with and those that its option file has. */
final class OptionsInEffect {
  private static final Pattern SIZE = Pattern.compile("(\\d+)([KMGT])", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "KMGT";

  private OptionsInEffect() {}

  /**
   * An option that differs.
   *
   * @param name with underscores, without {@code loose_}
   * @param now what the server runs with; empty where the option isn't given
   * @param wanted what the file says; empty where it doesn't say anything
   */
  record Difference(String name, Optional<String> now, Optional<String> wanted) {
    @Override
    public String toString() {
      return "%s: %s → %s".formatted(name, now.orElse("default"), wanted.orElse("default"));
    }

    /** The statement that changes it in a running server, if it lets itself be changed so. */
    String statement() {
      return "SET GLOBAL "
          + dev.clusterctl.mysql.Quoting.identifier(name)
          + " = "
          + wanted.map(OptionsInEffect::expression).orElse("DEFAULT");
    }
  }

  /** What differs in the section {@code [mysqld]}, by name. */
  static java.util.List<Difference> between(String running, String wanted) {
    Map<String, String> before = options(running);
    Map<String, String> after = options(wanted);
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    return names.stream()
        .map(
            n ->
                new Difference(
                    n, Optional.ofNullable(before.get(n)), Optional.ofNullable(after.get(n))))
        .filter(d -> !d.now().equals(d.wanted()))
        .toList();
  }

  /** The last value of each option counts, as it does for the server; of plugins, all of them. */
  static Map<String, String> options(String optionFile) {
    Map<String, String> result = new LinkedHashMap<>();
    boolean server = false;
    for (String raw : optionFile.lines().toList()) {
      String line = raw.strip();
      if (line.startsWith("[")) {
        server = line.equals("[mysqld]");
      } else if (server && !line.isEmpty() && !line.startsWith("#") && !line.startsWith("!")) {
        int equals = line.indexOf('=');
        String name =
            (equals < 0 ? line : line.substring(0, equals))
                .strip()
                .replace('-', '_')
                .toLowerCase(Locale.ROOT);
        String value = equals < 0 ? "ON" : line.substring(equals + 1).strip();
        String plain = name.startsWith("loose_") ? name.substring("loose_".length()) : name;
        result.merge(plain, value, (a, b) -> plain.equals("plugin_load_add") ? a + "," + b : b);
      }
    }
    return new TreeMap<>(result);
  }

  private static String expression(String value) {
    Matcher size = SIZE.matcher(value);
    if (size.matches()) {
      long factor = 1L << (10 * (UNITS.indexOf(size.group(2).toUpperCase(Locale.ROOT)) + 1));
      return String.valueOf(Math.multiplyExact(Long.parseLong(size.group(1)), factor));
    }
    if (value.matches("-?\\d+(\\.\\d+)?")) {
      return value;
    }
    String unquoted = value.replaceAll("^(['\"])(.*)\\1$", "$2");
    return dev.clusterctl.mysql.Quoting.literal(unquoted);
  }
}
