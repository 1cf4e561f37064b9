package dev.clusterctl.dialect;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a ProxySQL can watch a group of MySQL servers, and how it can log in to them. Read in
 * ProxySQL's sources at the tags that the {@link #ranges} begin with, and seen with 1.4.16 and
 * 2.7.1; the public reports are sysown/proxysql#4706 (5.7.44), #4954 (9.1), and #4983, which taught
 * 3.0.2 the servers after 8.x.
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

  /** How ProxySQL, and its monitor, can prove to a server who they are. */
  public enum Login {
    /** Accounts with {@code mysql_native_password}, without TLS. */
    NATIVE_PASSWORD,
    /** Accounts with {@code caching_sha2_password}, whose password goes over TLS. */
    CACHING_SHA2_PASSWORD
  }

  /** What a pair of versions can do. */
  public sealed interface Verdict {
    /** The same for people, as the rest of a sentence that begins with ProxySQL's name. */
    String inWords();
  }

  /** {@code mysql_group_replication_hostgroups} work. */
  public record GroupMonitor(Question question, Login login) implements Verdict {
    @Override
    public String inWords() {
      return switch (question) {
        case VIEW -> "watches the group through the view in sys";
        case OWN_QUERY -> "watches the group with a query of its own";
      };
    }
  }

  /**
   * The group monitor would put every server into the offline hostgroup. {@code
   * mysql_replication_hostgroups} with check type {@code super_read_only} work, in single-primary
   * mode (one server is writable) and in multi-primary mode (all members are).
   *
   * @param staleReaders whether a member that had to leave its group stays among the readers with
   *     old data, because the server has no {@code OFFLINE_MODE} to leave with (before 8.0.18)
   */
  public record ReadOnlyHostgroups(boolean staleReaders, Login login) implements Verdict {
    @Override
    public String inWords() {
      return "watches each server's super_read_only, as its group monitor can't read such servers;"
          + (staleReaders
              ? " one that had to leave the group stays among the readers"
              : " one that had to leave the group goes offline by itself (OFFLINE_MODE)");
    }
  }

  /**
   * The pair can't work.
   *
   * @param reason what is in the way
   * @param instead which versions can
   */
  public record Impossible(String reason, String instead) implements Verdict {
    @Override
    public String inWords() {
      return "can't be used: " + reason;
    }
  }

  /**
   * Releases of ProxySQL that are alike.
   *
   * @param name as in "2.6 to 3.0.1"
   * @param first the first of them
   */
  public record Range(String name, ServerVersion first) {}

  /** What the group monitor asks, by the server's major version. */
  private enum Monitoring {
    VIEW_ALWAYS,
    OWN_QUERY_FOR_8_ELSE_VIEW,
    /** The view is asked for its three columns, and then four are expected. */
    OWN_QUERY_FOR_8_ELSE_NOTHING,
    OWN_QUERY_FROM_8_ELSE_NOTHING;

    Optional<Question> question(ServerVersion mysql) {
      return switch (this) {
        case VIEW_ALWAYS -> Optional.of(Question.VIEW);
        case OWN_QUERY_FOR_8_ELSE_VIEW ->
            Optional.of(mysql.major() == 8 ? Question.OWN_QUERY : Question.VIEW);
        case OWN_QUERY_FOR_8_ELSE_NOTHING ->
            mysql.major() == 8 ? Optional.of(Question.OWN_QUERY) : Optional.empty();
        case OWN_QUERY_FROM_8_ELSE_NOTHING ->
            mysql.major() >= 8 ? Optional.of(Question.OWN_QUERY) : Optional.empty();
      };
    }
  }

  private record Row(Range range, Monitoring monitoring, Login best) {}

  // 2.0.9 was the first with a client library (3.1.4) that has caching_sha2_password built in.
  private static final List<Row> ROWS =
      List.of(
          row("1.4 to 2.0.8", 1, 4, 0, Monitoring.VIEW_ALWAYS, Login.NATIVE_PASSWORD),
          row("2.0.9 to 2.4", 2, 0, 9, Monitoring.VIEW_ALWAYS, Login.CACHING_SHA2_PASSWORD),
          row("2.5", 2, 5, 0, Monitoring.OWN_QUERY_FOR_8_ELSE_VIEW, Login.CACHING_SHA2_PASSWORD),
          row(
              "2.6 to 3.0.1",
              2,
              6,
              0,
              Monitoring.OWN_QUERY_FOR_8_ELSE_NOTHING,
              Login.CACHING_SHA2_PASSWORD),
          row(
              "3.0.2 and later",
              3,
              0,
              2,
              Monitoring.OWN_QUERY_FROM_8_ELSE_NOTHING,
              Login.CACHING_SHA2_PASSWORD));

  private static final int NEWEST_MAJOR = 3;

  private ProxySqlCompatibility() {}

  private static Row row(
      String name, int major, int minor, int patch, Monitoring monitoring, Login best) {
    return new Row(new Range(name, new ServerVersion(major, minor, patch)), monitoring, best);
  }

  /** All that there is something to say about, the oldest first. */
  public static List<Range> ranges() {
    return ROWS.stream().map(Row::range).toList();
  }

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
   * Whether a ProxySQL can log in to accounts with {@code mysql_native_password} only. False for
   * what is no version.
   *
   * @param text a series or exact, {@code 1.4} or {@code 1.4.16}
   */
  public static boolean needsNativePasswords(String text) {
    return version(text)
        .flatMap(ProxySqlCompatibility::row)
        .map(row -> row.best() == Login.NATIVE_PASSWORD)
        .orElse(false);
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
    Optional<Row> found = row(proxySql);
    if (found.isEmpty()) {
      return new Impossible(
          "ProxySQL %s knows nothing of Group Replication".formatted(proxySql.series()),
          "use ProxySQL 1.4 or later");
    }
    Row row = found.orElseThrow();
    Dialect dialect = Dialect.of(mysql);
    boolean nativeOnly = row.best() == Login.NATIVE_PASSWORD;
    if (nativeOnly && !dialect.has(Feature.NATIVE_PASSWORD)) {
      return new Impossible(
          "ProxySQL %s can't log in to caching_sha2_password accounts, all that MySQL %s has"
              .formatted(proxySql.series(), mysql.series()),
          "use ProxySQL 2.0.9 or later, or MySQL 8.4 or earlier");
    }
    if (nativeOnly && dialect.has(Feature.NATIVE_PASSWORD_SWITCHED_OFF) && !nativePasswordOption) {
      return new Impossible(
          "ProxySQL %s can't log in to caching_sha2_password accounts, and MySQL %s has no other"
                  .formatted(proxySql.series(), mysql.series())
              + " with its standard options",
          "use ProxySQL 2.0.9 or later, or set mysql_native_password: ON in mysql.options");
    }
    Login login = dialect.has(Feature.CACHING_SHA2_PASSWORD) ? row.best() : Login.NATIVE_PASSWORD;
    return row.monitoring()
        .question(mysql)
        .<Verdict>map(question -> new GroupMonitor(question, login))
        .orElseGet(() -> new ReadOnlyHostgroups(!dialect.has(Feature.EXIT_TO_OFFLINE_MODE), login));
  }

  private static Optional<Row> row(ServerVersion proxySql) {
    return ROWS.stream()
        .filter(r -> proxySql.compareTo(r.range().first()) >= 0)
        .reduce((a, b) -> b);
  }
}
