package dev.clusterctl.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * How far a load has come: one row of a table of its own in the schema that is loaded, from before
 * the first statement until after the last one, when the table is removed. Rows and the record of
 * them are committed together, so it is exact even where nobody knows whether a commit arrived.
 *
 * @param file the dump's name, for people
 * @param sha256 of its unpacked text
 * @param options with which it is loaded, {@link LoadOptions#toString()}
 * @param bytes of the unpacked text that are done
 * @param line with which to go on
 * @param doubtful whether the next statement commits by itself and was begun: it may be done
 */
public record LoadRecord(
    String file, String sha256, String options, long bytes, long line, boolean doubtful) {

  /** Its table. */
  public static final String TABLE = "clusterctl_load";

  private static final int NO_SUCH_TABLE = 1146;
  private static final int LONGEST_NAME = 255;

  /** Whether it is of this dump, loaded in this way. */
  public boolean isOf(Analysis.Totals totals, LoadOptions with) {
    return sha256.equals(totals.sha256()) && options.equals(with.toString());
  }

  /** The record in the current schema; empty where there is none. */
  public static Optional<LoadRecord> read(Connection connection) throws SQLException {
    // A proxy that splits reads from writes would ask a server that may be behind.
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT file, sha256, options, bytes, line, doubtful FROM "
                    + TABLE
                    + " WHERE id = 1 FOR UPDATE")) {
      return row.next()
          ? Optional.of(
              new LoadRecord(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getBoolean(6)))
          : Optional.empty();
    } catch (SQLException e) {
      if (e.getErrorCode() == NO_SUCH_TABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Begins a record, in the place of one that is there.
   *
   * @return it
   */
  static LoadRecord begin(
      Connection connection, String file, Analysis.Totals totals, LoadOptions options)
      throws SQLException {
    remove(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + TABLE
              + " (id TINYINT UNSIGNED NOT NULL PRIMARY KEY, file VARCHAR(255) NOT NULL,"
              + " sha256 CHAR(64) NOT NULL, options VARCHAR(255) NOT NULL,"
              + " bytes BIGINT UNSIGNED NOT NULL, line BIGINT UNSIGNED NOT NULL,"
              + " doubtful TINYINT NOT NULL)"
              + " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
              + " COMMENT='how far clusterctl load has come; it goes when that is done'");
    }
    LoadRecord record =
        new LoadRecord(
            file.substring(0, Math.min(file.length(), LONGEST_NAME)),
            totals.sha256(),
            options.toString(),
            0,
            1,
            false);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + TABLE + " VALUES (1, ?, ?, ?, 0, 1, 0)")) {
      // As bytes: the session is set up for a dump's and knows nothing of characters.
      insert.setBytes(1, record.file().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      insert.setString(2, record.sha256());
      insert.setString(3, record.options());
      insert.executeUpdate();
    }
    return record;
  }

  /** Writes down how far it has come; in the transaction that is open, where one is. */
  static void advance(Statement statement, long bytes, long line) throws SQLException {
    if (statement.executeUpdate(
            "UPDATE %s SET bytes = %d, line = %d, doubtful = 0 WHERE id = 1"
                .formatted(TABLE, bytes, line))
        != 1) {
      throw new SQLException("the record of this load is gone: somebody removed " + TABLE);
    }
  }

  /** Writes down whether the next statement may be done. */
  static void doubt(Statement statement, boolean doubtful) throws SQLException {
    statement.executeUpdate(
        "UPDATE %s SET doubtful = %d WHERE id = 1".formatted(TABLE, doubtful ? 1 : 0));
  }

  /** Removes the record: there is nothing to go on with. */
  static void remove(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS " + TABLE);
    }
  }
}
