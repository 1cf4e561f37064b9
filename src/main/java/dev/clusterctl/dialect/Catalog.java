package dev.clusterctl.dialect;

import dev.clusterctl.topology.OperatingSystem;
import dev.clusterctl.topology.Packages.Source;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which releases of MySQL and MySQL Router exist, as known in November 2026, and where their
 * packages are to be had. A patch release that came later is taken at its word; a series that isn't
 * here is not, because nobody has looked yet at what it changed.
 */
public final class Catalog {
  private static final Pattern SERIES = Pattern.compile("\\d{1,4}\\.\\d{1,4}");

  /** How long a series is looked after. */
  public enum Status {
    /** Long-term support. */
    LTS,
    /** Replaced by the next innovation release. */
    INNOVATION,
    /** No more fixes. */
    END_OF_LIFE
  }

  /**
   * A series of releases.
   *
   * @param firstUsable its first release that clusterctl can use
   * @param newest its newest release that clusterctl knows
   */
  public record Series(ServerVersion firstUsable, ServerVersion newest, Status status) {
    /** Such as {@code 8.4}. */
    public String name() {
      return newest.series();
    }
  }

  /**
   * What a version in cluster.yaml means.
   *
   * @param version the version; for a series its newest known patch release; empty: not usable
   * @param complaint what is wrong with it; empty exactly where the version is present
   */
  public record Resolution(Optional<ServerVersion> version, String complaint) {}

  // 5.7.17 is the first release with Group Replication, 8.0.11 the first of 8.0 that was not a
  // preview. From 26.7 on, year and month of the release.
  private static final List<Series> KNOWN =
      List.of(
          series(5, 7, 17, 44, Status.END_OF_LIFE),
          series(8, 0, 11, 46, Status.END_OF_LIFE),
          series(8, 1, 0, 0, Status.END_OF_LIFE),
          series(8, 2, 0, 0, Status.END_OF_LIFE),
          series(8, 3, 0, 0, Status.END_OF_LIFE),
          series(8, 4, 0, 13, Status.LTS),
          series(9, 0, 0, 1, Status.END_OF_LIFE),
          series(9, 1, 0, 0, Status.END_OF_LIFE),
          series(9, 2, 0, 0, Status.END_OF_LIFE),
          series(9, 3, 0, 0, Status.END_OF_LIFE),
          series(9, 4, 0, 0, Status.END_OF_LIFE),
          series(9, 5, 0, 0, Status.END_OF_LIFE),
          series(9, 6, 0, 0, Status.END_OF_LIFE),
          series(9, 7, 0, 4, Status.LTS),
          series(26, 7, 0, 0, Status.END_OF_LIFE),
          series(26, 10, 0, 0, Status.INNOVATION));

  // Debian's stable releases have MariaDB only.
  private static final Map<OperatingSystem, List<String>> SERVER_IN_DISTRO =
      new EnumMap<>(
          Map.of(
              OperatingSystem.UBUNTU_16_04, List.of("5.7"),
              OperatingSystem.UBUNTU_18_04, List.of("5.7"),
              OperatingSystem.UBUNTU_20_04, List.of("8.0"),
              OperatingSystem.UBUNTU_22_04, List.of("8.0"),
              OperatingSystem.UBUNTU_24_04, List.of("8.0"),
              OperatingSystem.DEBIAN_SID, List.of("9.7")));

  private static final Map<OperatingSystem, List<String>> ROUTER_IN_DISTRO =
      new EnumMap<>(
          Map.of(
              OperatingSystem.UBUNTU_20_04, List.of("8.0"),
              OperatingSystem.UBUNTU_22_04, List.of("8.0"),
              OperatingSystem.UBUNTU_24_04, List.of("8.0"),
              OperatingSystem.DEBIAN_SID, List.of("9.7")));

  // MySQL's repository keeps its long-term series and, of the innovation releases, the newest. Not
  // for Ubuntu 16.04: nobody has seen yet which key signs what is left there.
  private static final Map<OperatingSystem, List<String>> IN_APT =
      new EnumMap<>(
          Map.of(
              OperatingSystem.UBUNTU_18_04, List.of("5.7", "8.0"),
              OperatingSystem.UBUNTU_20_04, List.of("8.0", "8.4"),
              OperatingSystem.UBUNTU_22_04, List.of("8.0", "8.4", "9.7", "26.10"),
              OperatingSystem.UBUNTU_24_04, List.of("8.0", "8.4", "9.7", "26.10"),
              OperatingSystem.DEBIAN_11, List.of("8.0", "8.4"),
              OperatingSystem.DEBIAN_12, List.of("8.0", "8.4", "9.7", "26.10"),
              OperatingSystem.DEBIAN_13, List.of("8.4", "9.7", "26.10")));

  private Catalog() {}

  /** Every known series, oldest first. */
  public static List<Series> series() {
    return KNOWN;
  }

  /** The series of that name, such as {@code 8.4}. */
  public static Optional<Series> series(String name) {
    return KNOWN.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /** Whether the text names a series ({@code 9.7}) rather than a release ({@code 9.7.4}). */
  public static boolean isSeries(String version) {
    return SERIES.matcher(version).matches();
  }

  /** What a version or series of the MySQL server means. */
  public static Resolution resolve(String text) {
    boolean isSeries = isSeries(text);
    Optional<ServerVersion> asked = ServerVersion.parse(isSeries ? text + ".0" : text);
    if (asked.isEmpty()) {
      return new Resolution(Optional.empty(), "'" + text + "' is not a version of MySQL");
    }
    ServerVersion version = asked.orElseThrow();
    Optional<Series> known = series(version.series());
    if (known.isEmpty()) {
      return new Resolution(Optional.empty(), unknown(version));
    }
    Series series = known.orElseThrow();
    if (isSeries) {
      return new Resolution(Optional.of(series.newest()), "");
    }
    return version.compareTo(series.firstUsable()) < 0
        ? new Resolution(
            Optional.empty(),
            "MySQL %s is too old: Group Replication needs %s or later of this series"
                .formatted(version, series.firstUsable()))
        : new Resolution(asked, "");
  }

  private static String unknown(ServerVersion version) {
    Series newest = KNOWN.get(KNOWN.size() - 1);
    if (version.compareTo(newest.newest()) > 0) {
      return "MySQL %s is newer than this clusterctl, which knows MySQL up to %s"
          .formatted(version.series(), newest.name());
    }
    return version.compareTo(KNOWN.get(0).newest()) < 0
        ? "MySQL %s is too old: it has no Group Replication".formatted(version.series())
        : "there is no MySQL " + version.series();
  }

  /**
   * The series of the server that a source offers on an operating system; every known one for
   * {@link Source#DEBS} and {@link Source#PREINSTALLED}, where the user answers for it.
   */
  public static List<String> serverSeries(Source source, OperatingSystem os) {
    return switch (source) {
      case DISTRO -> SERVER_IN_DISTRO.getOrDefault(os, List.of());
      case APT -> IN_APT.getOrDefault(os, List.of());
      case DEBS, PREINSTALLED -> KNOWN.stream().map(Series::name).toList();
    };
  }

  /** The series of MySQL Router that a source offers on an operating system. */
  public static List<String> routerSeries(Source source, OperatingSystem os) {
    Stream<String> offered =
        switch (source) {
          case DISTRO -> ROUTER_IN_DISTRO.getOrDefault(os, List.of()).stream();
          case APT -> IN_APT.getOrDefault(os, List.of()).stream();
          case DEBS, PREINSTALLED -> KNOWN.stream().map(Series::name);
        };
    return offered.filter(Catalog::isRouterSeries).toList();
  }

  /** Whether there is a MySQL Router of that series: its numbers jumped from 2.1 to 8.0. */
  public static boolean isRouterSeries(String series) {
    return !series.equals("5.7") && series(series).isPresent();
  }

  /** Whether a Router of that series can send reads and writes of one connection different ways. */
  public static boolean routerSplits(String series) {
    return !isOlder(series, new ServerVersion(8, 2, 0));
  }

  /** The series that a version or series of the form that cluster.yaml takes belongs to. */
  public static String seriesOf(String version) {
    return isSeries(version) ? version : version.substring(0, version.lastIndexOf('.'));
  }

  /** Whether a known series comes before that of a server. */
  public static boolean isOlder(String series, ServerVersion server) {
    return series(series)
        .filter(s -> !s.newest().sameSeries(server))
        .filter(s -> s.newest().compareTo(server) < 0)
        .isPresent();
  }

  /** The series of MySQL Router that goes with a server where the user named none. */
  public static String routerSeriesFor(ServerVersion server) {
    return isRouterSeries(server.series()) ? server.series() : "8.0";
  }

  /**
   * The least memory in MB of a machine that runs this server: sized to it, 8.0 and later take
   * about 250 MB at rest and need the rest under load (seen with 9.7.4).
   */
  public static int leastMemory(ServerVersion server) {
    return server.atLeast(8, 0, 0) ? 512 : 256;
  }

  private static Series series(int major, int minor, int first, int newest, Status status) {
    return new Series(
        new ServerVersion(major, minor, first), new ServerVersion(major, minor, newest), status);
  }
}
