package dev.clusterctl.topology;

import dev.clusterctl.topology.Shape.Key;
import dev.clusterctl.topology.Shape.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads {@code cluster.lock.yaml}, with the same care and the same messages as cluster.yaml. */
public final class PackageLockReader {
  private static final Keys PIN =
      new Keys(
          List.of(
              Key.required("url", ClusterYaml.DEB_URL, "Where the file was downloaded from"),
              Key.required("sha256", ClusterYaml.SHA256, "SHA-256 of the file"),
              Key.required("size", new Shape.Whole(1, Long.MAX_VALUE), "Its size in bytes")));

  private static final Keys ROOT =
      new Keys(List.of(Key.optional("packages", new Shape.Items(PIN), "The pinned files")));

  private PackageLockReader() {}

  /**
   * What came of reading a lock file.
   *
   * @param lock empty where a problem was found
   */
  public record Reading(PackageLock lock, List<Problem> problems) {
    public Reading {
      problems = List.copyOf(problems);
    }
  }

  /** Reads a file; one that isn't there pins nothing. Never throws for what it is or holds. */
  public static Reading read(Path file) {
    Problems problems = new Problems(file);
    PackageLock lock = PackageLock.EMPTY;
    try {
      lock = parse(Files.readAllBytes(file), problems);
    } catch (NoSuchFileException e) {
      // Nothing was downloaded yet.
    } catch (IOException e) {
      problems.error(
          Position.FILE,
          "can't be read (" + e.getClass().getSimpleName() + ")",
          "check that it is a file that you may read");
    }
    return new Reading(problems.hasErrors() ? PackageLock.EMPTY : lock, problems.sorted());
  }

  private static PackageLock parse(byte[] bytes, Problems problems) {
    Optional<String> text = YamlText.decode(bytes, problems);
    if (text.filter(PackageLockReader::hasEntries).isEmpty()) {
      return PackageLock.EMPTY;
    }
    SortedMap<String, PackageLock.Pin> pins = new TreeMap<>();
    text.flatMap(yaml -> YamlText.compose(yaml, problems))
        .flatMap(node -> new ShapeReader(problems).read(node, ROOT))
        .ifPresent(
            root -> root.sections("packages").forEach(section -> pin(section, pins, problems)));
    return new PackageLock(pins);
  }

  /** Somebody may have removed every entry, to have all files pinned anew. */
  private static boolean hasEntries(String text) {
    return text.lines().anyMatch(line -> !line.isBlank() && !line.strip().startsWith("#"));
  }

  private static void pin(
      Section section, SortedMap<String, PackageLock.Pin> pins, Problems problems) {
    Optional<String> url = section.text("url");
    Optional<String> sha256 = section.text("sha256");
    Optional<Long> size = section.whole("size");
    if (url.isEmpty() || sha256.isEmpty() || size.isEmpty()) {
      return; // reported where it was read
    }
    PackageLock.Pin pin =
        new PackageLock.Pin(url.orElseThrow(), sha256.orElseThrow(), size.orElseThrow());
    if (pins.putIfAbsent(pin.url(), pin) != null) {
      problems.error(
          section.valueAt("url"),
          Wording.quote(pin.url()) + " is pinned already, further up",
          "keep the entry whose sum is right: git log tells which came first");
    }
  }
}
