package dev.clusterctl.topology;

import dev.clusterctl.topology.Packages.Deb;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What package files were when they were downloaded for the first time, as {@code
 * cluster.lock.yaml} has it: from then on they must be the same, on every host that has the file.
 *
 * @param pins by the URL that a file was downloaded from
 */
public record PackageLock(SortedMap<String, Pin> pins) {
  /** The file's name; it is beside the cluster.yaml. */
  public static final String FILE_NAME = "cluster.lock.yaml";

  /** Nothing was downloaded yet. */
  public static final PackageLock EMPTY = new PackageLock(new TreeMap<>());

  private static final String HEADER =
      """
      # What the package files of `packages: debs` were when clusterctl downloaded each for the first
      # time. Commit this file: from now on a file that differs is refused, here and elsewhere. Where a
      # maker publishes sums, compare them. To accept another file under the same URL, remove its entry.
      """;

  /**
   * One package file.
   *
   * @param url where it was downloaded from, as cluster.yaml has it
   * @param sha256 64 lower-case hexadecimal digits
   * @param size in bytes, 1 or more
   */
  public record Pin(String url, String sha256, long size) {}

  public PackageLock {
    pins = Collections.unmodifiableSortedMap(new TreeMap<>(pins));
  }

  /** The pin of a file: of whichever of its places it was downloaded from. */
  public Optional<Pin> pin(Deb deb) {
    return deb.urls().stream().filter(pins::containsKey).findFirst().map(pins::get);
  }

  /**
   * The sum that a file must have: cluster.yaml's, else the pinned one; empty: nobody knows yet.
   */
  public Optional<String> sha256(Deb deb) {
    return deb.sha256().or(() -> pin(deb).map(Pin::sha256));
  }

  /** With one more pin, or another in the place of one with the same URL. */
  public PackageLock with(Pin pin) {
    SortedMap<String, Pin> more = new TreeMap<>(pins);
    more.put(pin.url(), pin);
    return new PackageLock(more);
  }

  /** The file's whole text; the same pins give the same bytes. */
  public String yaml() {
    StringBuilder text = new StringBuilder(HEADER);
    if (!pins.isEmpty()) {
      text.append("packages:\n");
    }
    for (Pin pin : pins.values()) {
      // The URL is quoted: YAML would take ": " or " #" in it for something else.
      text.append("  - url: \"").append(pin.url()).append("\"\n");
      text.append("    sha256: \"").append(pin.sha256()).append("\"\n");
      text.append("    size: ").append(pin.size()).append('\n');
    }
    return text.toString();
  }
}
