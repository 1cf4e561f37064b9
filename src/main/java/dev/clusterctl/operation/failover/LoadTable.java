package dev.clusterctl.operation.failover;

import java.util.regex.Pattern;

/**
 * The names and statements of what one run of the test makes: a table that is written all the time,
 * a table and a database for the change that is made while the node is down.
 *
 * @param run lower-case letters and digits, at most 24
 */
record LoadTable(String run, String schema) {
  private static final String PREFIX = "clusterctl_failover_";
  private static final Pattern RUN = Pattern.compile("[0-9a-z]{1,24}");

  LoadTable {
    if (!RUN.matcher(run).matches()) {
      throw new IllegalArgumentException("not the name of a run: " + run);
    }
  }

  /** Whether a table or a database is one that some run of the test made. */
  static boolean isOurs(String name) {
    return name.matches(PREFIX + RUN.pattern() + "(_change|_db)?");
  }

  /** As LIKE wants it: finds all that {@link #isOurs} then says yes to. */
  static String likePattern() {
    return PREFIX.replace("_", "\\_") + "%";
  }

  String name() {
    return PREFIX + run;
  }

  String changeName() {
    return name() + "_change";
  }

  String database() {
    return name() + "_db";
  }

  /** Both tables; each has a primary key, without which Group Replication takes no write. */
  String[] create() {
    return new String[] {
      // Not unique: a row that is written twice is to be found, not refused.
      """
      CREATE TABLE %s (
        id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
        writer INT NOT NULL,
        seq INT NOT NULL,
        token BIGINT NOT NULL,
        node VARCHAR(255) NOT NULL,
        created TIMESTAMP(6) NOT NULL,
        KEY (writer, seq)
      ) ENGINE=InnoDB"""
          .formatted(quoted(name())),
      "CREATE TABLE %s (id INT NOT NULL PRIMARY KEY, node VARCHAR(255) NOT NULL) ENGINE=InnoDB"
          .formatted(quoted(changeName()))
    };
  }

  String insert() {
    return "INSERT INTO %s (writer, seq, token, node, created)".formatted(quoted(name()))
        + " VALUES (?, ?, ?, @@hostname, NOW(6))";
  }

  /** Who answers, and who took the newest row of a writer (NULL where it has none yet). */
  String readNewest() {
    return "SELECT @@hostname, (SELECT node FROM %s WHERE writer = ? ORDER BY seq DESC LIMIT 1)"
        .formatted(quoted(name()));
  }

  /** Every row, all rows of a writer together and in order. */
  String readAll() {
    return "SELECT writer, seq, token, id, node, created FROM %s ORDER BY writer, seq, id"
        .formatted(quotedIn(name()));
  }

  String insertChange() {
    return "INSERT INTO %s (id, node) VALUES (1, @@hostname)".formatted(quotedIn(changeName()));
  }

  String readChange() {
    return "SELECT COUNT(*) FROM " + quotedIn(changeName());
  }

  private String quotedIn(String table) {
    return quoted(schema) + "." + quoted(table);
  }

  static String quoted(String identifier) {
    return "`" + identifier.replace("`", "``") + "`";
  }
}
