package dev.clusterctl.load;

import java.nio.charset.StandardCharsets;
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
 * @param line of the last statement that is done; 0: none is
 * @param doubtful whether the next statement commits by itself and was begun: it may be done
 * @param session the number of the session that goes on with it, from 1; 0: none has begun
 */
public record LoadRecord(
    String file,
    String sha256,
    String options,
    long bytes,
    long line,
    boolean doubtful,
    int session) {

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
    // FOR UPDATE: a proxy that splits reads from writes would ask a server that may be behind.
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT file, sha256, options, bytes, line, doubtful, session FROM "
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
                  row.getBoolean(6),
                  row.getInt(7)))
          : Optional.empty();
    } catch (SQLException e) {
      if (e.getErrorCode() == NO_SUCH_TABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Takes the record over: the sessions before this one can't write it any more. In a group with
   * many primaries this also makes sure that the server has all that they have written: the group
   * refuses a change of a row that another member has changed meanwhile.
   */
  static Optional<LoadRecord> take(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE " + TABLE + " SET session = session + 1 WHERE id = 1");
    } catch (SQLException e) {
      if (e.getErrorCode() == NO_SUCH_TABLE) {
        return Optional.empty();
      }
      throw e;
    }
    return read(connection);
  }

  /** Begins a record, in the place of one that is there. */
  static void begin(Connection connection, String file, Analysis.Totals totals, LoadOptions options)
      throws SQLException {
    remove(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE "
              + TABLE
              + " (id TINYINT UNSIGNED NOT NULL PRIMARY KEY, file VARCHAR(255) NOT NULL,"
              + " sha256 CHAR(64) NOT NULL, options VARCHAR(255) NOT NULL,"
              + " bytes BIGINT UNSIGNED NOT NULL, line BIGINT UNSIGNED NOT NULL,"
              + " doubtful TINYINT NOT NULL, session INT NOT NULL)"
              + " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
              + " COMMENT='how far clusterctl load has come; it goes when that is done'");
    }
    String name = file.substring(0, Math.min(file.length(), LONGEST_NAME));
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + TABLE + " VALUES (1, ?, ?, ?, 0, 0, 0, 0)")) {
      // The session hands characters on as bytes.
      insert.setString(
          1, new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
      insert.setString(2, totals.sha256());
      insert.setString(3, options.toString());
      insert.executeUpdate();
    }
  }

  /** Writes down how far it has come; in the transaction that is open, where one is. */
  void advance(Statement statement, long doneBytes, long doneLine) throws SQLException {
    write(statement, "bytes = %d, line = %d, doubtful = 0".formatted(doneBytes, doneLine));
  }

  /** Writes down whether the next statement may be done. */
  void doubt(Statement statement, boolean mayBeDone) throws SQLException {
    write(statement, "doubtful = " + (mayBeDone ? 1 : 0));
  }

  private void write(Statement statement, String values) throws SQLException {
    // The driver counts rows that were found, whether or not that changed them.
    int found =
        statement.executeUpdate(
            "UPDATE %s SET %s WHERE id = 1 AND session = %d".formatted(TABLE, values, session));
    if (found != 1) {
      throw new SQLException(
          "somebody else has taken over this load, or removed its record (%s)".formatted(TABLE));
    }
  }

  /** Removes the record: there is nothing to go on with. */
  static void remove(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS " + TABLE);
    }
  }
}
