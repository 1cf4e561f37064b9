package dev.clusterctl.topology;

import java.util.List;
import java.util.Optional;

/**
 * Where a program's packages come from.
 *
 * @param debs only with {@link Source#DEBS}, and then at least one: the packages in the order in
 *     which they are installed
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

    /** The file's name, as its first place has it: {@code mysql-common_5.7.23-1…_amd64.deb}. */
    public String fileName() {
      String url = urls.get(0).replaceFirst("\\?.*", "");
      return url.substring(url.lastIndexOf('/') + 1);
    }
  }
}
