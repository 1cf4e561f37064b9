package dev.clusterctl.mysql;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How large one of a server's schemas is.
 *
 * @param tables how many tables it has; no views
 * @param bytes what their rows and indexes take, as the storage engine estimates it
 */
public record SchemaSize(String name, long tables, long bytes) {
  private static final int SHOWN = 5;
  private static final long KILOBYTE = 1024;

  /** The schemas of a server that aren't its own, by name. */
  public static List<SchemaSize> of(Session session) throws MySqlException {
    // From 8.0.3 on the figures would be up to a day old.
    session.run("SET @fresh = 0 /*!80003 , SESSION information_schema_stats_expiry = 0 */");
    return session
        .query(
            """
            SELECT s.SCHEMA_NAME AS name, COUNT(t.TABLE_NAME) AS tables,
              COALESCE(SUM(t.DATA_LENGTH + t.INDEX_LENGTH), 0) AS bytes
            FROM information_schema.SCHEMATA s LEFT JOIN information_schema.TABLES t
              ON t.TABLE_SCHEMA = s.SCHEMA_NAME AND t.TABLE_TYPE = 'BASE TABLE'
            WHERE s.SCHEMA_NAME NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
            GROUP BY s.SCHEMA_NAME ORDER BY s.SCHEMA_NAME""")
        .stream()
        .map(row -> new SchemaSize(row.text("name"), row.number("tables"), row.number("bytes")))
        .toList();
  }

  /** What all of them take, in bytes. */
  public static long total(List<SchemaSize> schemas) {
    return schemas.stream().mapToLong(SchemaSize::bytes).sum();
  }

  /** For people: {@code shop 12 MB, wiki 3 MB}; the largest few. */
  public static String text(List<SchemaSize> schemas) {
    if (schemas.isEmpty()) {
      return "no schemas";
    }
    String shown =
        schemas.stream()
            .sorted((a, b) -> Long.compare(b.bytes(), a.bytes()))
            .limit(SHOWN)
            .map(s -> s.name() + " " + size(s.bytes()))
            .collect(Collectors.joining(", "));
    return schemas.size() <= SHOWN
        ? shown
        : "%s and %d more, %s in all"
            .formatted(shown, schemas.size() - SHOWN, size(total(schemas)));
  }

  /** For people: {@code 12 MB}. */
  public static String size(long bytes) {
    return bytes < KILOBYTE * KILOBYTE
        ? "%d kB".formatted((bytes + KILOBYTE - 1) / KILOBYTE)
        : "%d MB".formatted(bytes / KILOBYTE / KILOBYTE);
  }
}
