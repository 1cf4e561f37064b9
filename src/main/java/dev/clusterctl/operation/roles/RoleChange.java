package dev.clusterctl.operation.roles;

import dev.clusterctl.topology.NodeName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a change of roles went.
 *
 * @param source who takes writes now
 * @param before who did before; empty where that isn't known
 * @param changed whether it is another one
 * @param withoutWrites how long no node took writes; empty where that wasn't in clusterctl's hands
 * @param moments what happened when
 * @param open what is left to be done, a sentence each, with the command that does it
 */
public record RoleChange(
    NodeName source,
    Optional<NodeName> before,
    boolean changed,
    Optional<Duration> withoutWrites,
    List<Moment> moments,
    List<String> open) {
  public RoleChange {
    moments = List.copyOf(moments);
    open = List.copyOf(open);
  }

  /**
   * Something that happened.
   *
   * @param at since the command began
   */
  public record Moment(Duration at, String what) {}

  /** Whether nothing is left to be done. */
  public boolean complete() {
    return open.isEmpty();
  }

  /** For programs: durations in milliseconds. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("source", source.value());
    before.ifPresent(b -> json.put("before", b.value()));
    json.put("changed", changed);
    withoutWrites.ifPresent(d -> json.put("without-writes", d.toMillis()));
    json.put(
        "timeline",
        moments.stream()
            .map(m -> Map.<String, Object>of("at", m.at().toMillis(), "what", m.what()))
            .toList());
    json.put("open", open);
    return json;
  }
}
