package dev.clusterctl.operation.copies;

import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A table's columns, and the statements that read a part of it.
 *
 * @param key the columns of the index whose order the parts follow; empty where there is no usable
 *     one, and the table is read as a whole
 * @param index that index's name
 * @param estimatedRows as the server guesses
 */
record TableShape(
    TableName name,
    List<TableColumn> columns,
    List<TableColumn> key,
    String index,
    long estimatedRows) {
  private static final String NOT_SYSTEM =
      "TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')";

  TableShape {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /** All tables of a server but the system's own; views aren't tables. */
  static Map<TableName, TableShape> all(Session session) throws MySqlException {
    Map<TableName, Long> tables = new TreeMap<>();
    for (Row row :
        session.query(
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS FROM information_schema.TABLES WHERE"
                + " TABLE_TYPE = 'BASE TABLE' AND "
                + NOT_SYSTEM)) {
      tables.put(nameOf(row), row.number("TABLE_ROWS"));
    }
    Map<TableName, List<TableColumn>> columns = new LinkedHashMap<>();
    for (Row row :
        session.query(
            "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE,"
                + " CHARACTER_SET_NAME, COLLATION_NAME, IS_NULLABLE, EXTRA FROM"
                + " information_schema.COLUMNS WHERE "
                + NOT_SYSTEM
                + " ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION")) {
      columns.computeIfAbsent(nameOf(row), n -> new ArrayList<>()).add(column(row));
    }
    Map<TableName, Map<String, List<Row>>> indexes = new LinkedHashMap<>();
    for (Row row :
        session.query(
            "SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART FROM"
                + " information_schema.STATISTICS WHERE NON_UNIQUE = 0 AND "
                + NOT_SYSTEM
                + " ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX")) {
      indexes
          .computeIfAbsent(nameOf(row), n -> new TreeMap<>())
          .computeIfAbsent(row.text("INDEX_NAME"), n -> new ArrayList<>())
          .add(row);
    }
    Map<TableName, TableShape> shapes = new TreeMap<>();
    tables.forEach(
        (name, rows) -> {
          // One that was made between the questions is left for the next time.
          List<TableColumn> own = columns.getOrDefault(name, List.of());
          if (!own.isEmpty()) {
            shapes.put(name, of(name, own, indexes.getOrDefault(name, Map.of()), rows));
          }
        });
    return shapes;
  }

  private static TableName nameOf(Row row) {
    return new TableName(row.text("TABLE_SCHEMA"), row.text("TABLE_NAME"));
  }

  private static TableColumn column(Row row) {
    return new TableColumn(
        row.text("COLUMN_NAME"),
        row.text("DATA_TYPE"),
        row.text("COLUMN_TYPE"),
        row.optional("CHARACTER_SET_NAME"),
        row.optional("COLLATION_NAME"),
        row.text("IS_NULLABLE").equals("YES"),
        row.text("EXTRA").contains("VIRTUAL GENERATED"));
  }

  private static TableShape of(
      TableName name, List<TableColumn> columns, Map<String, List<Row>> indexes, long rows) {
    Optional<Map.Entry<String, List<TableColumn>>> best =
        indexes.entrySet().stream()
            .flatMap(
                index ->
                    usable(columns, index.getValue()).stream()
                        .map(key -> Map.entry(index.getKey(), key)))
            .min(
                Comparator.comparing(
                        (Map.Entry<String, List<TableColumn>> e) -> !e.getKey().equals("PRIMARY"))
                    .thenComparing(e -> e.getValue().size()));
    return new TableShape(
        name,
        columns,
        best.map(Map.Entry::getValue).orElse(List.of()),
        best.map(Map.Entry::getKey).orElse(""),
        rows);
  }

  /** The columns of an index, where none can be NULL, none is cut short, and all can be ordered. */
  private static Optional<List<TableColumn>> usable(List<TableColumn> columns, List<Row> index) {
    List<TableColumn> key = new ArrayList<>();
    for (Row part : index) {
      Optional<TableColumn> column =
          columns.stream()
              .filter(c -> part.optional("COLUMN_NAME").equals(Optional.of(c.name())))
              .filter(c -> !c.nullable() && c.ordered() && part.optional("SUB_PART").isEmpty())
              .findFirst();
      if (column.isEmpty()) {
        return Optional.empty();
      }
      key.add(column.get());
    }
    return Optional.of(key);
  }

  /** The columns in words: what must be the same on every node. */
  List<String> description() {
    return columns.stream().map(c -> c.name() + " " + c.description()).toList();
  }

  /**
   * How many rows a part has, and two sums over its rows' hashes of 64 bits each: the same for the
   * same rows in any order. A sum and not XOR, for which two equal rows of a table without a key
   * would cancel out.
   *
   * @param lock whether the rows, and the gaps between them, are to stay as they are until the
   *     transaction ends
   */
  String sum(KeyRange range, boolean lock) {
    return "SELECT COUNT(*) AS n, SUM(CAST(CONV(LEFT(d, 16), 16, 10) AS UNSIGNED)) AS a,"
        + " SUM(CAST(CONV(SUBSTRING(d, 17, 16), 16, 10) AS UNSIGNED)) AS b FROM (SELECT "
        + digest()
        + " AS d FROM "
        + from(range)
        + (lock ? " LOCK IN SHARE MODE" : "")
        + ") AS digests";
  }

  /** The key and the hash of each row of a part. */
  String rows(KeyRange range) {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < key.size(); i++) {
      sql.append(key.get(i).bound()).append(" AS k").append(i).append(", ");
    }
    return sql + digest() + " AS d FROM " + from(range);
  }

  /** The key of the n-th row of a part, counted from 1: no row where the part has fewer. */
  String boundary(KeyRange range, int n) {
    String order = key.stream().map(TableColumn::sql).collect(Collectors.joining(", "));
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < key.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append(key.get(i).bound()).append(" AS k").append(i);
    }
    return sql + " FROM %s ORDER BY %s LIMIT 1 OFFSET %d".formatted(from(range), order, n - 1);
  }

  /** The key in a row of {@link #rows} or {@link #boundary}. */
  List<String> keyOf(Row row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      values.add(row.text("k" + i));
    }
    return values;
  }

  private String digest() {
    return columns.stream()
        .filter(c -> !c.virtual())
        .map(TableColumn::digest)
        .collect(Collectors.joining(", ", "SHA2(CONCAT_WS(',', ", "), 256)"));
  }

  private String from(KeyRange range) {
    return name.sql()
        + (key.isEmpty() ? "" : " FORCE INDEX (%s)".formatted(Quoting.identifier(index)))
        + " WHERE "
        + range.condition(key);
  }
}
