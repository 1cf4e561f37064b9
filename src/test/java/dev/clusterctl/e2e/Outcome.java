package dev.clusterctl.e2e;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a run of a program left behind.
 *
 * @param code its exit status
 */
record Outcome(int code, String out, String err) {

  /** Both streams, for assertions about what is said wherever it is said. */
  String said() {
    return out + err;
  }

  /** The events of a run with {@code --output json}. */
  List<Map<String, Object>> events() {
    return out.lines().map(Outcome::parse).toList();
  }

  /** The one event of that name. */
  Map<String, Object> event(String name) {
    return events().stream()
        .filter(event -> name.equals(event.get("event")))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no event " + name + " in " + said()));
  }

  /** The ids of the steps that ended so: {@code changed}, {@code would-change}, {@code failed}. */
  Set<String> steps(String outcome) {
    Set<String> ids = new TreeSet<>();
    for (Map<String, Object> event : events()) {
      if ("step-ended".equals(event.get("event")) && outcome.equals(event.get("outcome"))) {
        ids.add(String.valueOf(event.get("id")));
      }
    }
    return ids;
  }

  /** How a step ended. */
  Map<String, Object> step(String id) {
    return events().stream()
        .filter(event -> "step-ended".equals(event.get("event")) && id.equals(event.get("id")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no step " + id + " in " + said()));
  }

  private static Map<String, Object> parse(String line) {
    try {
      return JSON.std.mapFrom(line);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + line, e);
    }
  }
}
