package dev.clusterctl.operation.files;

import dev.clusterctl.mysql.Quoting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Uploaded files as an application may keep them: a row for each file, and its content in parts. A
 * part is small enough for every server's {@code max_allowed_packet}, and a transaction for a
 * group's {@code group_replication_transaction_size_limit} and for the memory of a small machine.
 *
 * <p>The names are always the same, so that a run clears away what a killed one left.
 */
final class UploadTables {
  private static final int NO_SUCH_TABLE = 1146;

  private final String files;
  private final String parts;
  private final Limits limits;

  /**
   * @param part bytes of a part
   * @param transaction bytes of a transaction, more or less
   */
  record Limits(int part, long transaction) {
    private static final int PART = 512 * 1024;
    private static final long TRANSACTION = 8L << 20;

    /**
     * @param maxAllowedPacket the smallest of all servers
     * @param groupLimit the smallest of all servers; 0: there is none
     */
    static Limits of(long maxAllowedPacket, long groupLimit) {
      // A statement carries a part, escaped: at worst twice as many bytes.
      int part = (int) Math.max(256, Math.min(PART, maxAllowedPacket / 4));
      long transaction = groupLimit == 0 ? TRANSACTION : Math.min(TRANSACTION, groupLimit / 4);
      return new Limits(part, Math.max(part, transaction));
    }
  }

  UploadTables(String schema, Limits limits) {
    this.files = Quoting.identifier(schema) + ".clusterctl_uploadfile";
    this.parts = Quoting.identifier(schema) + ".clusterctl_uploadpart";
    this.limits = limits;
  }

  Limits limits() {
    return limits;
  }

  void create(Connection connection) throws SQLException {
    drop(connection);
    run(
        connection,
        "CREATE TABLE %s (IDUploadFile INT PRIMARY KEY, FilePath VARCHAR(512) NOT NULL, Size BIGINT NOT NULL, Complete BOOLEAN NOT NULL) ENGINE=InnoDB"
            .formatted(files));
    run(
        connection,
        "CREATE TABLE %s (IDUploadFile INT, Part INT, Content MEDIUMBLOB NOT NULL, PRIMARY KEY (IDUploadFile, Part)) ENGINE=InnoDB"
            .formatted(parts));
  }

  void drop(Connection connection) throws SQLException {
    run(connection, "DROP TABLE IF EXISTS %s".formatted(parts));
    run(connection, "DROP TABLE IF EXISTS %s".formatted(files));
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Uploads a file; returns once all of it is acknowledged. */
  void upload(Connection connection, UploadFile file) throws SQLException, IOException {
    connection.setAutoCommit(false);
    try (PreparedStatement row =
            connection.prepareStatement("INSERT INTO %s VALUES (?, ?, ?, FALSE)".formatted(files));
        PreparedStatement part =
            connection.prepareStatement("INSERT INTO %s VALUES (?, ?, ?)".formatted(parts));
        PreparedStatement complete =
            connection.prepareStatement(
                "UPDATE %s SET Complete = TRUE WHERE IDUploadFile = ?".formatted(files));
        InputStream in = Files.newInputStream(file.path())) {
      row.setInt(1, file.id());
      row.setString(2, file.path().toString());
      row.setLong(3, file.size());
      row.executeUpdate();
      long pending = 0;
      int number = 0;
      for (byte[] content = in.readNBytes(limits.part());
          content.length > 0;
          content = in.readNBytes(limits.part())) {
        part.setInt(1, file.id());
        part.setInt(2, number++);
        part.setBytes(3, content);
        part.executeUpdate();
        pending += content.length;
        if (pending + limits.part() > limits.transaction()) {
          connection.commit();
          pending = 0;
        }
      }
      complete.setInt(1, file.id());
      complete.executeUpdate();
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Deletes a file; its content goes with a binary log's copy of it, so not all at once. */
  void delete(Connection connection, UploadFile file) throws SQLException {
    long atATime = Math.max(1, limits.transaction() / limits.part());
    try (PreparedStatement part =
            connection.prepareStatement(
                "DELETE FROM %s WHERE IDUploadFile = ? AND Part BETWEEN ? AND ?".formatted(parts));
        PreparedStatement row =
            connection.prepareStatement("DELETE FROM %s WHERE IDUploadFile = ?".formatted(files))) {
      for (long first = 0; first * limits.part() < file.size(); first += atATime) {
        part.setInt(1, file.id());
        part.setLong(2, first);
        part.setLong(3, first + atATime - 1);
        part.executeUpdate();
      }
      row.setInt(1, file.id());
      row.executeUpdate();
    }
  }

  /** The numbers of the files that are there as a whole; none where there is no table yet. */
  Set<Integer> complete(Connection connection) throws SQLException {
    return numbers(connection, "SELECT IDUploadFile FROM %s WHERE Complete".formatted(files));
  }

  /** The numbers of all files of which anything is there. */
  Set<Integer> traces(Connection connection) throws SQLException {
    return numbers(
        connection,
        "SELECT IDUploadFile FROM %s UNION SELECT DISTINCT IDUploadFile FROM %s"
            .formatted(files, parts));
  }

  private static Set<Integer> numbers(Connection connection, String sql) throws SQLException {
    Set<Integer> found = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getInt(1));
      }
    } catch (SQLException e) {
      if (e.getErrorCode() != NO_SUCH_TABLE) {
        throw e;
      }
    }
    return found;
  }

  /**
   * Compares a server's copy of a file with the file, byte for byte.
   *
   * @return what is different; empty: nothing
   */
  String compare(Connection connection, UploadFile file) throws SQLException, IOException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT Content FROM %s WHERE IDUploadFile = ? AND Part = ?".formatted(parts));
        InputStream in = Files.newInputStream(file.path())) {
      int number = 0;
      long position = 0;
      while (true) {
        byte[] wanted = in.readNBytes(limits.part());
        select.setInt(1, file.id());
        select.setInt(2, number++);
        byte[] found;
        try (ResultSet rows = select.executeQuery()) {
          found = rows.next() ? rows.getBytes(1) : new byte[0];
        }
        int different = Arrays.mismatch(wanted, found);
        if (different >= 0) {
          return "%s differs from byte %d on"
              .formatted(file.path().getFileName(), position + different);
        }
        if (wanted.length == 0) {
          return "";
        }
        position += wanted.length;
      }
    }
  }
}
