package dev.clusterctl.render;

import dev.clusterctl.dialect.Dialect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A MySQL option file in the making: groups of options with comments, each option once. */
final class OptionFile {
  private static final List<String> OF_PLUGINS = List.of("group_replication_", "rpl_semi_sync_");

  private final Dialect dialect;
  private final Map<String, String> overrides = new LinkedHashMap<>();
  private final List<Group> groups = new ArrayList<>();

  private record Group(String comment, List<Option> options) {}

  private record Option(String name, String value, String why) {}

  /**
   * @param overrides what the user sets: wins over all that is added here, and stands last
   */
  OptionFile(Dialect dialect, Map<String, String> overrides) {
    this.dialect = dialect;
    overrides.forEach((name, value) -> this.overrides.put(dialect.optionName(name), value));
  }

  /** Begins a group. */
  OptionFile group(String comment) {
    groups.add(new Group(comment, new ArrayList<>()));
    return this;
  }

  OptionFile set(String name, Object value) {
    return set(name, value, "");
  }

  /** Sets an option of the group begun last, in the spelling of this version. */
  OptionFile set(String name, Object value, String why) {
    String spelling = dialect.optionName(name);
    if (!overrides.containsKey(spelling) || isList(spelling)) {
      groups.get(groups.size() - 1).options().add(new Option(spelling, value.toString(), why));
    }
    return this;
  }

  /** The value the user gave, or the one given here. */
  String effective(String name, String otherwise) {
    return overrides.getOrDefault(dialect.optionName(name), otherwise);
  }

  /** The lines below {@code [mysqld]}. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Group group : groups) {
      append(text, group);
    }
    if (!overrides.isEmpty()) {
      List<Option> own = new ArrayList<>();
      overrides.forEach((name, value) -> own.add(new Option(name, value, "")));
      append(text, new Group("From the options in cluster.yaml.", own));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Group group) {
    if (group.options().isEmpty()) {
      return;
    }
    text.append('\n');
    group.comment().lines().forEach(line -> text.append("# ").append(line).append('\n'));
    for (Option option : group.options()) {
      option.why().lines().forEach(line -> text.append("# ").append(line).append('\n'));
      text.append(line(option)).append('\n');
    }
  }

  private static String line(Option option) {
    String name = option.name();
    if (OF_PLUGINS.stream().anyMatch(name::startsWith)) {
      // Without the prefix mysqld refuses to start wherever the plugin isn't loaded, as in
      // --initialize.
      name = "loose_" + name;
    }
    if (option.value().isEmpty() && name.startsWith("skip_")) {
      return name;
    }
    return name + " = " + quoted(option.value());
  }

  /** As the option file's syntax needs it: # begins a comment, a backslash escapes. */
  private static String quoted(String value) {
    if (value.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException("an option's value must be one line");
    }
    String escaped = value.replace("\\", "\\\\");
    boolean plain = !value.isEmpty() && value.equals(value.strip()) && !value.matches(".*[#'\"].*");
    return plain ? escaped : "\"" + escaped.replace("\"", "\\\"") + "\"";
  }

  /** Options that may be given many times, each adding something. */
  private static boolean isList(String name) {
    return name.equals("plugin_load_add")
        || name.startsWith("replicate_")
        || name.startsWith("binlog_do_db")
        || name.startsWith("binlog_ignore_db");
  }
}
