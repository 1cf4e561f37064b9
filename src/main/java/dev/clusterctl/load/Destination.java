package dev.clusterctl.load;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a dump is to fit.
 *
 * @param schema the schema that it is loaded into
 * @param owner the application's account: {@code user@host}, as views and routines name it
 * @param administration whether the account that loads may do anything; otherwise it may do what
 *     applications may, which is anything with their own schema
 * @param multiPrimary whether every member takes writes
 * @param largestStatement the longest statement that gets through, in bytes
 * @param largestTransaction the largest that the group takes, in bytes; 0: any
 * @param requiresPrimaryKey whether the server refuses a table without one, however short a time it
 *     has none
 * @param trustsFunctionCreators whether accounts without SUPER may make functions and triggers
 * @param tables the tables and views that are in the schema now
 * @param accounts all accounts, {@code user@host}
 */
public record Destination(
    String schema,
    String owner,
    boolean administration,
    boolean multiPrimary,
    ServerVersion version,
    long largestStatement,
    long largestTransaction,
    boolean requiresPrimaryKey,
    boolean trustsFunctionCreators,
    Set<String> characterSets,
    Set<String> collations,
    Set<String> tables,
    Set<String> accounts) {

  public Destination {
    characterSets = Set.copyOf(characterSets);
    collations = Set.copyOf(collations);
    tables = Set.copyOf(tables);
    accounts = Set.copyOf(accounts);
  }

  /** Where a dump comes in: as in {@link Destination}. */
  public record Entrance(
      String schema, String owner, boolean administration, boolean multiPrimary, long largest) {}

  /**
   * Asks a server.
   *
   * @param session of an account that may see everything
   * @param entrance its {@code largest} is what the way there lets through, in bytes
   */
  public static Destination read(Session session, Entrance entrance) throws MySqlException {
    ServerVersion version =
        ServerVersion.parse(session.value("SELECT VERSION()").orElse(""))
            .orElseThrow(
                () -> new MySqlException("the server doesn't say its version", 0, "", null));
    return new Destination(
        entrance.schema(),
        entrance.owner(),
        entrance.administration(),
        entrance.multiPrimary(),
        version,
        Math.min(entrance.largest(), number(session, "max_allowed_packet").orElse(1L << 22)),
        number(session, "group_replication_transaction_size_limit").orElse(0L),
        flag(session, "sql_require_primary_key"),
        flag(session, "log_bin_trust_function_creators") || !flag(session, "log_bin"),
        names(
            session.query("SELECT CHARACTER_SET_NAME AS n FROM information_schema.CHARACTER_SETS")),
        names(session.query("SELECT COLLATION_NAME AS n FROM information_schema.COLLATIONS")),
        tables(session, entrance.schema()),
        new HashSet<>(
            session.query("SELECT CONCAT(User, '@', Host) AS n FROM mysql.user").stream()
                .map(row -> row.text("n"))
                .toList()));
  }

  /** The tables and views of a schema, without what clusterctl keeps there during a load. */
  public static Set<String> tables(Session session, String schema) throws MySqlException {
    Set<String> tables = new HashSet<>();
    for (Row row :
        session.query(
            "SELECT TABLE_NAME AS n FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?",
            schema)) {
      tables.add(row.text("n"));
    }
    tables.remove(LoadRecord.TABLE);
    return tables;
  }

  /** The same, with an empty schema. */
  public Destination withoutTables() {
    return new Destination(
        schema,
        owner,
        administration,
        multiPrimary,
        version,
        largestStatement,
        largestTransaction,
        requiresPrimaryKey,
        trustsFunctionCreators,
        characterSets,
        collations,
        Set.of(),
        accounts);
  }

  /** Whether a column can be there that SELECT * doesn't show and INSERT needs no value for. */
  boolean hasInvisibleColumns() {
    return Dialect.of(version).has(Feature.INVISIBLE_COLUMNS);
  }

  /** Whether {@code b INT REFERENCES a (id)} makes a foreign key; other versions read over it. */
  boolean hasColumnReferences() {
    return Dialect.of(version).has(Feature.COLUMN_REFERENCES);
  }

  /** Whether sql_mode may name NO_AUTO_CREATE_USER. */
  boolean hasNoAutoCreateUser() {
    return Dialect.of(version).has(Feature.NO_AUTO_CREATE_USER);
  }

  /** Whether a table can be made from a query where transactions have GTIDs. */
  boolean hasCreateSelect() {
    return Dialect.of(version).has(Feature.CREATE_SELECT_WITH_GTIDS);
  }

  /** Whether the version knows a character set. */
  boolean knowsCharacterSet(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    // utf8 is the old name of utf8mb3, and understood by every version.
    return characterSets.contains(lower) || lower.equals("utf8") || lower.equals("utf8mb3");
  }

  /** Whether the version knows a collation. */
  boolean knowsCollation(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return collations.contains(lower)
        || (lower.startsWith("utf8_") && collations.contains("utf8mb3_" + lower.substring(5)));
  }

  private static Set<String> names(List<Row> rows) {
    Set<String> names = new HashSet<>();
    rows.forEach(row -> names.add(row.text("n").toLowerCase(Locale.ROOT)));
    return names;
  }

  private static Optional<Long> number(Session session, String variable) throws MySqlException {
    return variable(session, variable).map(Long::parseLong);
  }

  private static boolean flag(Session session, String variable) throws MySqlException {
    return variable(session, variable).filter("ON"::equals).isPresent();
  }

  /** Empty where the version has no such variable. */
  private static Optional<String> variable(Session session, String name) throws MySqlException {
    return session.query("SHOW GLOBAL VARIABLES LIKE '" + name.replace("_", "\\_") + "'").stream()
        .map(row -> row.text("Value"))
        .findFirst();
  }
}
