package dev.clusterctl.operation.copies;

import dev.clusterctl.mysql.Quoting;

/** A table and the schema that it is in. */
public record TableName(String schema, String table) implements Comparable<TableName> {

  /** As SQL takes it. */
  String sql() {
    return Quoting.identifier(schema) + "." + Quoting.identifier(table);
  }

  @Override
  public int compareTo(TableName other) {
    int bySchema = schema.compareTo(other.schema);
    return bySchema == 0 ? table.compareTo(other.table) : bySchema;
  }

  @Override
  public String toString() {
    return schema + "." + table;
  }
}
