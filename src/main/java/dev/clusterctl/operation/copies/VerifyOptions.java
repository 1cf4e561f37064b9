package dev.clusterctl.operation.copies;

import java.time.Duration;
import java.util.Set;

/**
 * What is to be compared, and how.
 *
 * @param schemas only these; empty: all
 * @param tables only these; empty: all
 * @param chunkSize rows that are compared at a time, at least 1
 * @param patience how long a node may take to catch up with the one that takes writes
 */
public record VerifyOptions(
    Set<String> schemas, Set<TableName> tables, int chunkSize, Duration patience) {
  public VerifyOptions {
    schemas = Set.copyOf(schemas);
    tables = Set.copyOf(tables);
    if (chunkSize < 1) {
      throw new IllegalArgumentException("chunks need at least one row, not " + chunkSize);
    }
  }

  boolean wants(TableName table) {
    return (schemas.isEmpty() || schemas.contains(table.schema()))
        && (tables.isEmpty() || tables.contains(table));
  }
}
