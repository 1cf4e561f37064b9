package dev.clusterctl.mysql;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerOption;
import dev.clusterctl.dialect.ServerVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a server's settings must be before it can be a member of an InnoDB Cluster: what AdminAPI's
 * {@code dba.checkInstanceConfiguration} asks for, and what clusterctl does beyond that.
 */
public final class InstanceRequirements {
  private static final String NO_DEFAULT = "(No default value)";

  private InstanceRequirements() {}

  /** A setting that won't do. */
  public record Finding(String variable, String is, String mustBe) {
    @Override
    public String toString() {
      return "%s to %s, which an InnoDB Cluster needs (it is %s)".formatted(variable, mustBe, is);
    }
  }

  /**
   * What won't do.
   *
   * @param help what {@code mysqld --verbose --help} prints: every option with the value that the
   *     server's own files give it, whether it runs or not
   * @param serverId what the server must be called
   * @param reportHost how the others must reach it
   */
  public static List<Finding> check(
      ServerVersion version, String help, long serverId, String reportHost) {
    Map<String, String> values = values(help);
    List<Finding> findings = new ArrayList<>();
    wanted(Dialect.of(version), serverId, reportHost)
        .forEach(
            (variable, mustBe) -> {
              String is = values.getOrDefault(variable, "unset");
              if (!is.equalsIgnoreCase(mustBe)) {
                findings.add(new Finding(variable, is, mustBe));
              }
            });
    if (values.getOrDefault("log_bin", NO_DEFAULT).equals("unset")) {
      findings.add(new Finding("log_bin", "unset", "ON"));
    }
    return List.copyOf(findings);
  }

  private static Map<String, String> wanted(Dialect dialect, long serverId, String reportHost) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("server_id", String.valueOf(serverId));
    wanted.put("report_host", reportHost);
    wanted.put("gtid_mode", "ON");
    wanted.put("enforce_gtid_consistency", "ON");
    wanted.put("binlog_format", "ROW");
    wanted.put(dialect.optionName("log_slave_updates"), "ON");
    wanted.put(dialect.optionName("slave_preserve_commit_order"), "ON");
    if (!dialect.has(Feature.CHECKSUMS_IN_GROUPS)) {
      wanted.put("binlog_checksum", "NONE");
    }
    if (dialect.has(ServerOption.SLAVE_PARALLEL_TYPE)
        || dialect.has(ServerOption.REPLICA_PARALLEL_TYPE)) {
      wanted.put(dialect.optionName("slave_parallel_type"), "LOGICAL_CLOCK");
    }
    if (dialect.has(ServerOption.BINLOG_TRANSACTION_DEPENDENCY_TRACKING)) {
      wanted.put("binlog_transaction_dependency_tracking", "WRITESET");
    }
    if (dialect.has(ServerOption.TRANSACTION_WRITE_SET_EXTRACTION)) {
      wanted.put("transaction_write_set_extraction", "XXHASH64");
    }
    wanted.put("super_read_only", "ON");
    return wanted;
  }

  /** The table at the end of the help: a name with hyphens, blanks, a value. */
  private static Map<String, String> values(String help) {
    Map<String, String> values = new HashMap<>();
    for (String line : help.lines().toList()) {
      String[] words = line.strip().split("\\s+", 2);
      if (words.length == 2 && words[0].matches("[a-z][a-z0-9_.-]*")) {
        values.put(words[0].replace('-', '_'), value(words[1]));
      }
    }
    return values;
  }

  private static String value(String text) {
    return switch (text) {
      case "TRUE" -> "ON";
      case "FALSE" -> "OFF";
      case NO_DEFAULT -> "unset";
      default -> text.toUpperCase(Locale.ROOT).equals("ON") ? "ON" : text;
    };
  }
}
