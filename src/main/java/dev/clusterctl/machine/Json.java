package dev.clusterctl.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place in a JSON document; what isn't there reads as empty. */
record Json(@Nullable Object value) {

  /**
   * @throws MachineException if the text isn't JSON
   */
  static Json parse(String text) throws MachineException {
    try {
      return new Json(JSON.std.anyFrom(text));
    } catch (IOException e) {
      throw new MachineException("Docker's answer is not JSON: " + e.getMessage(), "", e);
    }
  }

  Json at(String... path) {
    Object here = value;
    for (String key : path) {
      here = here instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return new Json(here);
  }

  String text() {
    return value == null ? "" : value.toString();
  }

  long number() {
    return value instanceof Number number ? number.longValue() : 0;
  }

  List<Json> items() {
    return value instanceof List<?> list ? list.stream().map(Json::new).toList() : List.of();
  }

  /** The members of an object, as text. */
  Map<String, String> members() {
    Map<String, String> result = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) -> result.put(String.valueOf(key), new Json(member).text()));
    }
    return result;
  }
}
