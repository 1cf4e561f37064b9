package dev.clusterctl.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a dump does to one table, from its CREATE TABLE on. */
final class TableHistory {
  private static final String ROW_ID = "my_row_id";

  private final String name;
  private final long line;
  private final List<CreateTable.Column> columns;
  private final Set<String> notNull = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private boolean primary;
  private boolean unique;
  private Optional<LaterKey> later = Optional.empty();
  private boolean rowsBeforeKey;
  private boolean rows;
  private final Map<Long, String> otherEngines = new TreeMap<>();

  /** A key that ALTER TABLE adds. */
  private record LaterKey(String definition, long line, boolean primary) {}

  TableHistory(CreateTable table, String text, long line) {
    this.name = table.name().name();
    this.line = line;
    this.columns = table.columns();
    columns.stream().filter(CreateTable.Column::notNull).forEach(c -> notNull.add(c.name()));
    this.primary = table.hasPrimaryKey(text);
    this.unique = table.uniqueKeys(text).stream().anyMatch(this::identifies);
    this.rows = table.asSelect();
    this.rowsBeforeKey = rows && !hasKey();
  }

  /** A table that is made like another one. */
  TableHistory(String name, TableHistory like, long line) {
    this.name = name;
    this.line = line;
    this.columns = like.columns;
    this.notNull.addAll(like.notNull);
    this.primary = like.primary || like.later.isPresent();
    this.unique = like.unique;
  }

  String name() {
    return name;
  }

  /** Where it is made. */
  long line() {
    return line;
  }

  boolean hasRows() {
    return rows;
  }

  /** It takes rows. */
  void takesRows() {
    rows = true;
    rowsBeforeKey |= !hasKey() && later.isEmpty();
  }

  /** Its engine isn't InnoDB. */
  void hasEngine(String engine, long at) {
    otherEngines.put(at, engine);
  }

  boolean isOfOtherEngine() {
    return !otherEngines.isEmpty();
  }

  /** ALTER TABLE changes it. */
  void altered(AlterTable alter, String text, long at) {
    for (Definition clause : alter.clauses()) {
      AlterTable.added(clause).ifPresent(added -> added(added, text, at));
    }
  }

  private void added(Definition added, String text, long at) {
    if (primary) {
      return;
    }
    Optional<Definition.Key> key = added.primaryKey(text);
    if (key.isPresent()) {
      later = Optional.of(new LaterKey("PRIMARY KEY " + key.get().text(), at, true));
    } else if (!added.isKey() && (added.has("PRIMARY", "KEY"))) {
      // ADD COLUMN … PRIMARY KEY numbers the rows that are there: it can't come earlier.
      later = later.or(() -> Optional.of(new LaterKey("", at, true)));
    } else if (!unique
        && later.isEmpty()
        && added.uniqueKey(text).filter(this::identifies).isPresent()) {
      later = Optional.of(new LaterKey(text.substring(added.start(), added.end()), at, false));
    }
  }

  /** Whether a clause of ALTER TABLE adds the key that {@link #fix} has moved. */
  static boolean isMovedKey(Definition clause, String text, String key) {
    return AlterTable.added(clause)
        .filter(
            added ->
                added
                        .primaryKey(text)
                        .filter(k -> key.equals("PRIMARY KEY " + k.text()))
                        .isPresent()
                    || text.substring(added.start(), added.end()).equals(key))
        .isPresent();
  }

  private boolean identifies(Definition.Key key) {
    return !key.partial() && notNull.containsAll(key.columns());
  }

  /** Whether a key of its CREATE TABLE identifies its rows. */
  private boolean hasKey() {
    return primary || unique;
  }

  /**
   * Looks at it as a whole.
   *
   * @param findings told of what a group can't take
   */
  TableFix judge(Destination destination, LoadOptions options, Findings findings) {
    String shown = DumpStatement.readable(name);
    otherEngines.forEach((at, engine) -> engine(shown, engine, at, options, findings));
    boolean strict = destination.requiresPrimaryKey();
    Optional<LaterKey> key = later.filter(k -> k.primary() || !strict);
    if (primary || (unique && !strict)) {
      return fix("", false, List.of(), options);
    }
    if (key.isEmpty()) {
      return withoutKey(shown, destination, options, findings);
    }
    if (!rowsBeforeKey && !strict) {
      return fix("", false, List.of(), options);
    }
    long keyLine = key.get().line();
    if (key.get().definition().isEmpty()) {
      findings.error(
          line,
          "table %s takes rows before line %d adds its primary key".formatted(shown, keyLine),
          "put the column with the key into its CREATE TABLE");
      return fix("", false, List.of(), options);
    }
    findings.note(
        line,
        "table %s gets its key here and not after its rows, in line %d: a group takes no row without one"
            .formatted(shown, keyLine));
    return fix(key.get().definition(), true, List.of(), options);
  }

  private static void engine(
      String table, String engine, long at, LoadOptions options, Findings findings) {
    String message = "table %s has engine %s".formatted(table, engine);
    if (options.convertEngines()) {
      findings.note(at, message + ", and becomes InnoDB");
    } else {
      findings.error(
          at, message + ": a group replicates InnoDB only", "use --convert-engines, or change it");
    }
  }

  private TableFix withoutKey(
      String shown, Destination destination, LoadOptions options, Findings findings) {
    Optional<CreateTable.Column> counter =
        columns.stream().filter(CreateTable.Column::autoIncrement).findFirst();
    if (counter.isPresent()) {
      findings.error(
          line,
          "table %s has no primary key, though an AUTO_INCREMENT column %s"
              .formatted(shown, DumpStatement.readable(counter.get().name())),
          "make that its primary key if each value is there once; MySQL allows no second such"
              + " column, so none can be added");
      return fix("", false, List.of(), options);
    }
    if (!options.addPrimaryKeys()) {
      findings.error(
          line,
          "table %s has no primary key, and no unique key over columns that are NOT NULL"
              .formatted(shown),
          "a group takes no rows for it: give it one, or use --add-primary-keys");
      return fix("", false, List.of(), options);
    }
    boolean invisible = destination.hasInvisibleColumns();
    if (columns.isEmpty()
        || columns.stream().anyMatch(c -> c.name().toLowerCase(Locale.ROOT).equals(ROW_ID))) {
      findings.error(
          line,
          "table %s has no primary key, and can't be given one".formatted(shown),
          "write its columns, with a primary key, into the dump");
      return fix("", false, List.of(), options);
    }
    findings.note(
        line,
        "table %s gets a column %s as its primary key%s"
            .formatted(
                shown,
                ROW_ID,
                invisible ? ", which SELECT * doesn't show" : ", as the last: SELECT * shows it"));
    String column =
        "`%s` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT%s PRIMARY KEY"
            .formatted(ROW_ID, invisible ? " INVISIBLE" : "");
    List<String> names = new ArrayList<>();
    if (!invisible) {
      columns.forEach(c -> names.add(c.name()));
    }
    return fix(column, false, names, options);
  }

  private TableFix fix(String key, boolean comesLater, List<String> insert, LoadOptions options) {
    return new TableFix(key, comesLater, insert, isOfOtherEngine() && options.convertEngines());
  }
}
