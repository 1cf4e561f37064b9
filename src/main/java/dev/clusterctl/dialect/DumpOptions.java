package dev.clusterctl.dialect;

import java.util.ArrayList;
import java.util.List;

/**
 * How {@code mysqldump} is asked for a consistent copy of schemas, by its version. The copy is one
 * moment's, while writes go on; only tables that aren't InnoDB's are read as they are.
 */
public final class DumpOptions {
  private DumpOptions() {}

  /**
   * The options, without those for the connection and the schemas. What they write begins with
   * {@code SET sql_log_bin} and {@code SET GLOBAL gtid_purged}: it can be loaded by a server that
   * has no transactions only.
   *
   * @param version of the {@code mysqldump} program
   */
  public static List<String> of(ServerVersion version) {
    Dialect dialect = Dialect.of(version);
    List<String> options =
        new ArrayList<>(
            List.of(
                "--single-transaction",
                "--quick",
                "--routines",
                "--triggers",
                "--events",
                "--hex-blob",
                "--set-gtid-purged=ON",
                "--no-tablespaces",
                "--default-character-set=utf8mb4",
                // A row of 1 GB is the largest there can be.
                "--max-allowed-packet=1G",
                "--verbose"));
    // Nothing needs the position in the binary log. But with it the transaction begins, and the
    // GTIDs are read, while all tables are locked for a moment: without, releases before 8.0.32
    // read GTIDs of transactions that the copy lacks.
    options.add(dialect.has(Feature.DUMP_SOURCE_DATA) ? "--source-data=2" : "--master-data=2");
    if (dialect.has(Feature.DUMP_COLUMN_STATISTICS)) {
      // Histograms would be made anew, which is a write of its own for each table.
      options.add("--skip-column-statistics");
    }
    return List.copyOf(options);
  }
}
