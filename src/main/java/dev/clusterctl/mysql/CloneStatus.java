package dev.clusterctl.mysql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A copy of another server's data that a server is fetching now, by the clone plugin.
 *
 * @param donor the other server's address, without its port
 * @param done what has come so far, in bytes
 * @param expected what comes in all, in bytes: an estimate that grows while the donor is written to
 */
public record CloneStatus(String donor, long done, long expected) {
  private static final double KILOBYTE = 1024;
  private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB");

  /**
   * What a server fetches now; empty where it fetches nothing.
   *
   * @param session of a server that has the plugin ({@link dev.clusterctl.dialect.Feature#CLONE})
   */
  public static Optional<CloneStatus> of(Session session) throws MySqlException {
    return session
        .query(
            "SELECT MAX(s.SOURCE) AS SOURCE, SUM(p.DATA) AS DONE, SUM(p.ESTIMATE) AS EXPECTED"
                + " FROM performance_schema.clone_status s"
                + " JOIN performance_schema.clone_progress p ON p.ID = s.ID"
                + " WHERE s.STATE = 'In Progress' GROUP BY s.ID")
        .stream()
        .map(
            row ->
                new CloneStatus(
                    host(row.text("SOURCE")), row.number("DONE"), row.number("EXPECTED")))
        .findFirst();
  }

  private static String host(String source) {
    int colon = source.lastIndexOf(':');
    return colon < 0 ? source : source.substring(0, colon);
  }

  /** For people, both in the unit of the whole: {@code 3.1 of 7.4 GB}. */
  public String progress() {
    if (expected == 0) {
      return "preparing";
    }
    double unit = KILOBYTE;
    int name = 0;
    while (expected >= unit * KILOBYTE && name < UNITS.size() - 1) {
      unit *= KILOBYTE;
      name++;
    }
    return String.format(
        Locale.ROOT, "%.1f of %.1f %s", done / unit, expected / unit, UNITS.get(name));
  }
}
