package dev.clusterctl.topology;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Settings of MySQL Router that the user adds, by section and name: {@code routing.max_connections}
 * for each of its routes, {@code metadata_cache.ttl}; without a section, those of {@code
 * [DEFAULT]}.
 */
public final class RouterOptions {
  /** Which section of the configuration a setting belongs to. */
  public enum Part {
    DEFAULT(""),
    /** Every route. */
    ROUTING("routing"),
    METADATA_CACHE("metadata_cache"),
    DESTINATION_STATUS("destination_status"),
    CONNECTION_POOL("connection_pool"),
    LOGGER("logger"),
    IO("io");

    private final String prefix;

    Part(String prefix) {
      this.prefix = prefix;
    }
  }

  /** A setting. */
  public record Setting(Part part, String name, String value) {}

  /** What follows from the cluster, or holds it together. */
  private static final Set<String> RESERVED =
      Set.of(
          "user",
          "keyring_path",
          "master_key_path",
          "dynamic_state",
          "data_folder",
          "runtime_folder",
          "logging_folder",
          "bind_address",
          "bind_port",
          "destinations",
          "protocol",
          "access_mode",
          "router_id",
          "metadata_cluster",
          "cluster_type",
          "bootstrap_server_addresses");

  /** What MySQL Router takes as the name of an option; a hyphen may stand for an underscore. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");

  private final Problems problems;

  RouterOptions(Problems problems) {
    this.problems = problems;
  }

  void check(Map<String, Located<String>> options) {
    options.forEach(
        (key, value) -> {
          Optional<Setting> setting = setting(key, value.value());
          if (setting.isEmpty()) {
            problems.error(
                value.at(),
                "%s is no setting of MySQL Router: SECTION.NAME, or NAME"
                    .formatted(Wording.quote(key)),
                "sections: routing, metadata_cache, destination_status, connection_pool, io, logger;"
                    + " without one: DEFAULT");
          } else if (RESERVED.contains(setting.orElseThrow().name())) {
            problems.error(
                value.at(),
                "clusterctl sets %s itself".formatted(Wording.quote(key)),
                "remove it; addresses and ports have keys of their own");
          }
        });
  }

  /** What a key means; empty where its section isn't one that can be set. */
  public static Optional<Setting> setting(String key, String value) {
    int dot = key.indexOf('.');
    String prefix = dot < 0 ? "" : key.substring(0, dot);
    String name = key.substring(dot + 1);
    for (Part part : Part.values()) {
      if (part.prefix.equals(prefix) && NAME.matcher(name).matches()) {
        return Optional.of(new Setting(part, name, value));
      }
    }
    return Optional.empty();
  }
}
