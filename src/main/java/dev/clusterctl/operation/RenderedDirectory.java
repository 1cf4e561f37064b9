package dev.clusterctl.operation;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * A directory of rendered files. A list of them is kept beside them, so that those which are no
 * longer rendered can be told from those that somebody else put there.
 */
public final class RenderedDirectory {
  /** The list's file name. */
  static final String LIST = ".clusterctl-rendered";

  private static final int CONTEXT_LINES = 3;

  private final Path root;

  /**
   * @param root may be missing
   */
  public RenderedDirectory(Path root) {
    this.root = root;
  }

  /** What is wrong with a file. */
  public enum Kind {
    MISSING,
    DIFFERENT,
    /** Rendered by an earlier run and not any more. */
    STALE
  }

  /**
   * A file that isn't as it should be.
   *
   * @param name relative to the directory
   * @param diff unified, from what is there to what should be
   */
  public record Difference(String name, Kind kind, List<String> diff) {
    public Difference {
      diff = List.copyOf(diff);
    }
  }

  /** The directory. */
  public Path root() {
    return root;
  }

  /**
   * What isn't as it should be, by name; empty if all is.
   *
   * @param files what should be there: text by relative name
   * @throws IOException if a file that is there can't be read
   */
  public List<Difference> compare(SortedMap<String, String> files) throws IOException {
    List<Difference> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(files.keySet());
    names.addAll(listed());
    for (String name : names) {
      Optional<String> wanted = Optional.ofNullable(files.get(name));
      Optional<String> there = read(inside(name));
      if (!wanted.equals(there)) {
        Kind kind = wanted.isEmpty() ? Kind.STALE : there.isEmpty() ? Kind.MISSING : Kind.DIFFERENT;
        differences.add(new Difference(name, kind, diff(name, there, wanted)));
      }
    }
    return differences;
  }

  /**
   * Makes the directory as it should be: writes what differs, removes what is stale.
   *
   * @param differences what {@link #compare} found
   * @throws IOException if something can't be written, or is there and was not rendered; then
   *     nothing is written
   */
  public void write(SortedMap<String, String> files, List<Difference> differences)
      throws IOException {
    List<String> rendered = listed();
    for (Difference difference : differences) {
      if (difference.kind() == Kind.DIFFERENT && !rendered.contains(difference.name())) {
        throw new IOException(
            "%s is there already, and clusterctl didn't write it: move it, or render elsewhere (--out)"
                .formatted(inside(difference.name())));
      }
    }
    for (Difference difference : differences) {
      Path file = inside(difference.name());
      String text = files.get(difference.name());
      if (text == null) {
        Files.deleteIfExists(file);
        continue;
      }
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text);
    }
    Files.createDirectories(root);
    Files.writeString(root.resolve(LIST), String.join("\n", files.keySet()) + "\n");
  }

  private List<String> listed() throws IOException {
    return read(root.resolve(LIST)).map(text -> text.lines().toList()).orElse(List.of());
  }

  /** The list may have been edited: nothing outside is looked at, let alone removed. */
  private Path inside(String name) throws IOException {
    Path file = root.resolve(name).normalize();
    if (!file.startsWith(root.normalize()) || file.equals(root.normalize())) {
      throw new IOException("%s: '%s' is outside of it".formatted(root.resolve(LIST), name));
    }
    return file;
  }

  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static List<String> diff(String name, Optional<String> there, Optional<String> wanted) {
    List<String> before = there.map(t -> t.lines().toList()).orElse(List.of());
    List<String> after = wanted.map(t -> t.lines().toList()).orElse(List.of());
    return UnifiedDiffUtils.generateUnifiedDiff(
        there.isEmpty() ? "/dev/null" : name,
        wanted.isEmpty() ? "/dev/null" : name,
        before,
        DiffUtils.diff(before, after),
        CONTEXT_LINES);
  }
}
