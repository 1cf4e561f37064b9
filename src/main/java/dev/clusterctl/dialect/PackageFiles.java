package dev.clusterctl.dialect;

import dev.clusterctl.topology.OperatingSystem;
import dev.clusterctl.topology.Packages.Deb;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The package files that their makers publish, for versions that no package repository has any
 * more. Only names that somebody has seen are here; whoever wants another version names its files.
 * No checksums: clusterctl's makers could not download these files, and a sum that nobody computed
 * is worth nothing. {@code cluster.lock.yaml} has them from the first download on.
 */
public final class PackageFiles {

  /** As the last number of a range's end: whichever there is. */
  private static final int ANY_PATCH = 9999;

  /** Releases from one to another, both included. */
  private record Range(ServerVersion first, ServerVersion last) {
    boolean contains(ServerVersion version) {
      return version.compareTo(first) >= 0 && version.compareTo(last) <= 0;
    }

    @Override
    public String toString() {
      return first + " to " + (last.patch() == ANY_PATCH ? last.series() + ".x" : last);
    }
  }

  // In the order in which they need each other; libaio1 and libmecab2, which they need too, come
  // from the operating system.
  private static final List<String> SERVER_PACKAGES =
      List.of("mysql-common", "mysql-community-client", "mysql-client", "mysql-community-server");

  // The archive of old releases, then the place that a release has while it is current.
  private static final List<String> SERVER_PLACES =
      List.of(
          "https://downloads.mysql.com/archives/get/p/23/file/",
          "https://dev.mysql.com/get/Downloads/MySQL-5.7/");

  // Seen under these names: 5.7.17, .18, .21, .23, .24, .26 and .34 for 16.04; 5.7.23, .31, .33 and
  // .42 for 18.04, which is the last.
  private static final Map<OperatingSystem, Range> SERVER_5_7 =
      new EnumMap<>(
          Map.of(
              OperatingSystem.UBUNTU_16_04, range("5.7.17", "5.7.34"),
              OperatingSystem.UBUNTU_18_04, range("5.7.23", "5.7.42")));

  // What the Makefile of ProxySQL builds packages for, read at its tags 1.4.0 to 3.0.1; Debian 13
  // is there in 3.0.4.
  private static final Map<OperatingSystem, Range> PROXYSQL =
      new EnumMap<>(
          Map.of(
              OperatingSystem.UBUNTU_16_04, range("1.4.0", "2.7.9999"),
              OperatingSystem.UBUNTU_18_04, range("2.0.1", "3.0.9999"),
              OperatingSystem.UBUNTU_20_04, range("2.0.15", "3.0.9999"),
              OperatingSystem.UBUNTU_22_04, range("2.4.0", "3.0.9999"),
              OperatingSystem.UBUNTU_24_04, range("2.6.5", "3.0.9999"),
              OperatingSystem.DEBIAN_11, range("2.3.0", "3.0.9999"),
              OperatingSystem.DEBIAN_12, range("2.5.5", "3.0.9999"),
              OperatingSystem.DEBIAN_13, range("3.0.4", "3.0.9999")));

  private static final String PROXYSQL_PLACE =
      "https://github.com/sysown/proxysql/releases/download/";

  private PackageFiles() {}

  /**
   * The files of that release of the server, for 64-bit Intel machines, in the order in which they
   * are installed; empty where their names aren't known.
   */
  public static List<Deb> server(ServerVersion version, OperatingSystem os) {
    Range known = SERVER_5_7.get(os);
    if (known == null || !known.contains(version)) {
      return List.of();
    }
    return SERVER_PACKAGES.stream()
        .map(name -> "%s_%s-1%s_amd64.deb".formatted(name, version, os.label().replace("-", "")))
        .map(file -> SERVER_PLACES.stream().map(place -> place + file).toList())
        .map(urls -> new Deb(urls, Optional.empty()))
        .toList();
  }

  /**
   * The file of that release of ProxySQL, for 64-bit Intel machines; empty where its name isn't
   * known.
   *
   * @param version three numbers: a series has no file
   */
  public static List<Deb> proxySql(String version, OperatingSystem os) {
    Range known = PROXYSQL.get(os);
    Optional<ServerVersion> release = ServerVersion.parse(version);
    if (known == null || release.filter(known::contains).isEmpty()) {
      return List.of();
    }
    // Their names have the operating system's first number only: ubuntu16, debian12.
    String system = os.label().replace("-", "").replaceFirst("\\..*", "");
    String url =
        PROXYSQL_PLACE
            + "v%1$s/proxysql_%1$s-%2$s_amd64.deb".formatted(release.orElseThrow(), system);
    return List.of(new Deb(List.of(url), Optional.empty()));
  }

  /**
   * The releases of the server whose files are known: {@code 5.7.17 to 5.7.34 for ubuntu-16.04}.
   */
  public static String knownServers() {
    return words(SERVER_5_7);
  }

  /** The releases of ProxySQL whose files are known for an operating system; empty: none. */
  public static Optional<String> knownProxySqls(OperatingSystem os) {
    return Optional.ofNullable(PROXYSQL.get(os)).map(Range::toString);
  }

  private static String words(Map<OperatingSystem, Range> known) {
    return String.join(
        ", ",
        Stream.of(OperatingSystem.values())
            .filter(known::containsKey)
            .map(os -> known.get(os) + " for " + os)
            .toList());
  }

  private static Range range(String first, String last) {
    return new Range(
        ServerVersion.parse(first).orElseThrow(), ServerVersion.parse(last).orElseThrow());
  }
}
