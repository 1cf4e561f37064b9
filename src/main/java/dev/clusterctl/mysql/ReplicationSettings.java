package dev.clusterctl.mysql;

import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a running server says of its settings that replication by GTID depends on.
 *
 * @param values by name, in lower case; without those that the version doesn't know
 */
public record ReplicationSettings(NodeName node, Map<String, String> values) {
  /** What they must be; where a version has an old and a new name, both must. */
  private static final Map<String, String> WANTED = new LinkedHashMap<>();

  /** These must differ from one server to the next. */
  private static final List<String> UNIQUE = List.of("server_id", "server_uuid");

  static {
    WANTED.put("gtid_mode", "ON");
    WANTED.put("enforce_gtid_consistency", "ON");
    WANTED.put("log_bin", "ON");
    WANTED.put("binlog_format", "ROW");
    WANTED.put("log_slave_updates", "ON");
    WANTED.put("log_replica_updates", "ON");
  }

  public ReplicationSettings {
    values = Map.copyOf(values);
  }

  /** Asks a server. */
  public static ReplicationSettings of(NodeName node, Session session) throws MySqlException {
    List<String> names = new ArrayList<>(WANTED.keySet());
    names.addAll(UNIQUE);
    Map<String, String> values = new TreeMap<>();
    for (Row row :
        session.query(
            "SELECT VARIABLE_NAME, VARIABLE_VALUE FROM performance_schema.global_variables WHERE"
                + " VARIABLE_NAME IN (%s)"
                    .formatted(
                        names.stream().map(Quoting::literal).collect(Collectors.joining(", "))))) {
      values.put(
          row.text("VARIABLE_NAME").toLowerCase(java.util.Locale.ROOT), row.text("VARIABLE_VALUE"));
    }
    return new ReplicationSettings(node, values);
  }

  /** What is wrong with these servers' settings together, a line each. */
  public static List<String> mistakes(List<ReplicationSettings> all) {
    List<String> mistakes = new ArrayList<>();
    WANTED.forEach(
        (name, wanted) ->
            all.forEach(
                one ->
                    Optional.ofNullable(one.values().get(name))
                        .filter(value -> !value.equals(wanted))
                        .ifPresent(
                            value ->
                                mistakes.add(
                                    "%s has %s=%s instead of %s"
                                        .formatted(one.node(), name, value, wanted)))));
    for (String name : UNIQUE) {
      Map<String, List<NodeName>> nodes = new TreeMap<>();
      for (ReplicationSettings one : all) {
        nodes
            .computeIfAbsent(one.values().getOrDefault(name, ""), v -> new ArrayList<>())
            .add(one.node());
      }
      nodes.forEach(
          (value, who) -> {
            if (who.size() > 1) {
              mistakes.add(
                  "%s share %s %s"
                      .formatted(
                          who.stream().map(NodeName::value).collect(Collectors.joining(" and ")),
                          name,
                          value));
            }
          });
    }
    return List.copyOf(mistakes);
  }
}
