package dev.clusterctl.mysql.metadata;

import java.util.List;

/**
 * A difference between what the metadata says and what is so, and what mends it.
 *
 * @param text what is wrong and what to do, for people: "note db2 (10.0.0.2:3306)"
 * @param statements run in one transaction with all other changes
 */
public record MetadataChange(String text, List<Statement> statements) {
  public MetadataChange {
    statements = List.copyOf(statements);
  }

  /** A statement with values for its question marks. */
  public record Statement(String sql, List<Object> values) {
    public Statement {
      values = List.copyOf(values);
    }

    static Statement of(String sql, Object... values) {
      return new Statement(sql, List.of(values));
    }
  }
}
