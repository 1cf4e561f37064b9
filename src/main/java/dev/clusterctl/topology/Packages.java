package dev.clusterctl.topology;

import java.util.List;
import java.util.Optional;

/**
 * Where a program's packages come from.
 *
 * @param debs only with {@link Source#DEBS}: the packages in the order in which they are installed;
 *     empty: those that clusterctl knows for the version and operating system
 */
public record Packages(Source source, List<Deb> debs) {
  public Packages {
    debs = List.copyOf(debs);
  }

  /** The kinds of source. */
  public enum Source {
    /** Debian package files by URL. */
    DEBS,
    /** MySQL's (or ProxySQL's) own package repository. */
    APT,
    /** The operating system's own packages. */
    DISTRO,
    /** On the machine already, with a systemd service. */
    PREINSTALLED
  }

  /**
   * One package file.
   *
   * @param urls places to have it from, tried in this order; HTTPS
   * @param sha256 64 lower-case hexadecimal digits
   */
  public record Deb(List<String> urls, Optional<String> sha256) {
    public Deb {
      urls = List.copyOf(urls);
    }
  }
}
