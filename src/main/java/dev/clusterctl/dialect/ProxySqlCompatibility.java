package dev.clusterctl.dialect;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a ProxySQL can watch a group of MySQL servers. Read in ProxySQL's sources at its tags and
 * seen with 1.4.16 and 2.7.1; the public reports are sysown/proxysql#4706 (5.7.44) and #4954 (9.1).
 */
public final class ProxySqlCompatibility {
  private static final Pattern VERSION =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?");

  /** What ProxySQL's group monitor asks a server. */
  public enum Question {
    /** Three columns of the view {@code sys.gr_member_routing_candidate_status}. */
    VIEW,
    /** A query of ProxySQL's own; the view isn't needed. */
    OWN_QUERY
  }

  /** What a pair of versions can do. */
  public sealed interface Verdict {}

  /**
   * {@code mysql_group_replication_hostgroups} work.
   *
   * @param nativePasswords whether ProxySQL can log in only to accounts with {@code
   *     mysql_native_password}
   */
  public record GroupMonitor(Question question, boolean nativePasswords) implements Verdict {}

  /**
   * The group monitor would put every server into the offline hostgroup. {@code
   * mysql_replication_hostgroups} with check type {@code super_read_only} work, in single-primary
   * mode (one server is writable) and in multi-primary mode (all members are).
   *
   * @param staleReaders whether a member that had to leave its group stays among the readers with
   *     old data, because the server has no {@code OFFLINE_MODE} to leave with (before 8.0.18)
   */
  public record ReadOnlyHostgroups(boolean staleReaders) implements Verdict {}

  /**
   * The pair can't work.
   *
   * @param reason what is in the way
   * @param instead which versions can
   */
  public record Impossible(String reason, String instead) implements Verdict {}

  private enum Monitoring {
    VIEW_ALWAYS,
    OWN_QUERY_FOR_8_ELSE_VIEW,
    OWN_QUERY_FOR_8_ELSE_NOTHING
  }

  /** From this ProxySQL on, up to the next row. */
  private record Row(ServerVersion from, Monitoring monitoring, boolean nativePasswordsOnly) {}

  // Releases after 3.0.1 were not tried. Where they have learned to watch other servers than 8.x,
  // watching read_only still works, so the last row holds until someone looks.
  private static final List<Row> ROWS =
      List.of(
          new Row(new ServerVersion(1, 4, 0), Monitoring.VIEW_ALWAYS, true),
          new Row(new ServerVersion(2, 0, 0), Monitoring.VIEW_ALWAYS, false),
          new Row(new ServerVersion(2, 5, 0), Monitoring.OWN_QUERY_FOR_8_ELSE_VIEW, false),
          new Row(new ServerVersion(2, 6, 0), Monitoring.OWN_QUERY_FOR_8_ELSE_NOTHING, false));

  private static final int NEWEST_MAJOR = 3;

  private ProxySqlCompatibility() {}

  /**
   * A version of ProxySQL as three numbers; a series ({@code 2.7}) counts as its first release.
   * Empty where the text is neither.
   */
  public static Optional<ServerVersion> version(String text) {
    Matcher m = VERSION.matcher(text);
    return m.matches()
        ? Optional.of(
            new ServerVersion(
                Integer.parseInt(m.group(1)),
                Integer.parseInt(m.group(2)),
                m.group(3) == null ? 0 : Integer.parseInt(m.group(3))))
        : Optional.empty();
  }

  /**
   * What this ProxySQL can do with this server.
   *
   * @param nativePasswordOption whether the server runs with {@code mysql_native_password=ON};
   *     counts for 8.4 only, where the plugin is there but off
   */
  public static Verdict of(
      ServerVersion proxySql, ServerVersion mysql, boolean nativePasswordOption) {
    if (proxySql.major() > NEWEST_MAJOR) {
      return new Impossible(
          "ProxySQL %s is newer than this clusterctl knows".formatted(proxySql.series()),
          "use ProxySQL 2.x or 3.x");
    }
    Optional<Row> row =
        ROWS.stream().filter(r -> proxySql.compareTo(r.from()) >= 0).reduce((a, b) -> b);
    if (row.isEmpty()) {
      return new Impossible(
          "ProxySQL %s knows nothing of Group Replication".formatted(proxySql.series()),
          "use ProxySQL 1.4 or later");
    }
    boolean nativeOnly = row.orElseThrow().nativePasswordsOnly();
    if (nativeOnly && mysql.atLeast(9, 0, 0)) {
      return new Impossible(
          "ProxySQL %s can't log in to caching_sha2_password accounts, all that MySQL %s has"
              .formatted(proxySql.series(), mysql.series()),
          "use ProxySQL 2.0 or later, or MySQL 8.4 or earlier");
    }
    if (nativeOnly && mysql.atLeast(8, 4, 0) && !nativePasswordOption) {
      return new Impossible(
          "ProxySQL %s can't log in to caching_sha2_password accounts, and MySQL %s has no other"
                  .formatted(proxySql.series(), mysql.series())
              + " with its standard options",
          "use ProxySQL 2.0 or later, or set mysql_native_password: ON in mysql.options");
    }
    // What a 5.7 server has is mysql_native_password anyway.
    boolean nativePasswords = nativeOnly && mysql.atLeast(8, 0, 0);
    return switch (row.orElseThrow().monitoring()) {
      case VIEW_ALWAYS -> new GroupMonitor(Question.VIEW, nativePasswords);
      case OWN_QUERY_FOR_8_ELSE_VIEW ->
          new GroupMonitor(mysql.major() == 8 ? Question.OWN_QUERY : Question.VIEW, false);
      case OWN_QUERY_FOR_8_ELSE_NOTHING ->
          mysql.major() == 8
              ? new GroupMonitor(Question.OWN_QUERY, false)
              : new ReadOnlyHostgroups(mysql.before(8, 0, 18));
    };
  }
}
