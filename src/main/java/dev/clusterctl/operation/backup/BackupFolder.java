package dev.clusterctl.operation.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A backup on this machine: a folder for its owner only (0700, files 0600). While it is being made
 * it is called {@code NAME.partial}; it gets its name once it is whole and on disk.
 */
final class BackupFolder {
  private static final int BUFFER = 1 << 16;

  private final Path target;
  private final Path partial;

  private BackupFolder(Path target, Path partial) {
    this.target = target;
    this.partial = partial;
  }

  /**
   * Begins a backup; what a killed run left of one in its place is thrown away.
   *
   * @throws BackupException if something else is in the place
   */
  static BackupFolder begin(Path directory) throws IOException {
    Path target = directory.toAbsolutePath().normalize();
    if (target.getFileName() == null || Files.exists(target) && !isEmptyDirectory(target)) {
      throw new BackupException(
          target + " is there already", List.of(), "name a folder that doesn't exist yet");
    }
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    if (Files.exists(partial)) {
      removeLeftovers(partial);
    }
    if (partial.getParent() != null) {
      Files.createDirectories(partial.getParent());
    }
    Files.createDirectory(
        partial,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new BackupFolder(target, partial);
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    }
  }

  private static void removeLeftovers(Path partial) throws IOException {
    List<String> ours =
        Stream.concat(
                Stream.of(Manifest.NAME), Arrays.stream(BackupMethod.values()).map(m -> m.file()))
            .toList();
    List<Path> found;
    try (Stream<Path> files = Files.list(partial)) {
      found = files.toList();
    }
    if (!found.stream().allMatch(f -> ours.contains(String.valueOf(f.getFileName())))) {
      throw new BackupException(
          partial + " holds files that no backup has", List.of(), "move it away");
    }
    for (Path file : found) {
      Files.delete(file);
    }
    Files.delete(partial);
  }

  /** A file that is being written, and hashed on its way. */
  static final class Writing extends FilterOutputStream {
    private final String name;
    private final LongConsumer onSize;
    private final Sha256 hash = new Sha256();
    private long size;

    private Writing(String name, OutputStream out, LongConsumer onSize) {
      super(out);
      this.name = name;
      this.onSize = onSize;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      hash.add(bytes, offset, length);
      size += length;
      onSize.accept(size);
    }

    /** What was written, once it is closed. */
    Manifest.File written() {
      return new Manifest.File(name, size, hash.end());
    }
  }

  /**
   * Begins a file of the backup.
   *
   * @param onSize told of its size again and again
   */
  Writing write(String name, LongConsumer onSize) throws IOException {
    return new Writing(name, Files.newOutputStream(create(name)), onSize);
  }

  /** A file that was written. */
  Path file(String name) {
    return partial.resolve(name);
  }

  private Path create(String name) throws IOException {
    return Files.createFile(
        partial.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** The backup is whole: writes the manifest, and gives the folder its name. */
  void finish(Manifest manifest) throws IOException {
    Files.writeString(create(Manifest.NAME), manifest.json());
    for (Manifest.File file : manifest.files()) {
      flush(partial.resolve(file.name()));
    }
    flush(partial.resolve(Manifest.NAME));
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void flush(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Throws away what there is of it. */
  void abandon() throws IOException {
    if (Files.exists(partial)) {
      removeLeftovers(partial);
    }
  }

  /**
   * Reads a backup from its first to its last byte.
   *
   * @param onBytes told how many bytes were read of all files so far
   * @throws BackupException if something is missing or damaged: with all that is wrong
   */
  static Manifest check(Path directory, LongConsumer onBytes) throws IOException {
    Manifest manifest = manifest(directory);
    List<String> problems = new ArrayList<>();
    long[] read = {0};
    for (Manifest.File file : manifest.files()) {
      check(directory.resolve(file.name()), file, problems, n -> onBytes.accept(read[0] += n));
    }
    if (manifest.files().stream().noneMatch(f -> f.name().equals(manifest.method().file()))) {
      problems.add(manifest.method().file() + " isn't among its files");
    }
    if (!problems.isEmpty()) {
      throw damaged(directory, problems);
    }
    return manifest;
  }

  private static Manifest manifest(Path directory) throws IOException {
    try {
      return Manifest.parse(Files.readString(directory.resolve(Manifest.NAME)));
    } catch (NoSuchFileException e) {
      throw new BackupException(
          directory + " is not a backup: it has no " + Manifest.NAME,
          List.of(),
          "a folder NAME.partial is what an interrupted backup leaves: it can't be restored");
    } catch (IOException e) {
      throw damaged(
          directory,
          List.of(
              Manifest.NAME
                  + " can't be read: "
                  + String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
    }
  }

  private static void check(
      Path path, Manifest.File expected, List<String> problems, LongConsumer onBytes)
      throws IOException {
    if (!Files.isRegularFile(path)) {
      problems.add(expected.name() + " is missing");
      return;
    }
    long size = Files.size(path);
    if (size != expected.size()) {
      problems.add(
          "%s has %d bytes instead of %d".formatted(expected.name(), size, expected.size()));
      return;
    }
    Sha256 hash = new Sha256();
    try (InputStream in = Files.newInputStream(path)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.add(buffer, 0, n);
        onBytes.accept(n);
      }
    }
    if (!hash.end().equals(expected.sha256())) {
      problems.add(expected.name() + " was changed since: its SHA-256 isn't that of the manifest");
    }
  }

  private static BackupException damaged(Path directory, List<String> problems) {
    return new BackupException(
        "the backup in %s is damaged; nothing was touched".formatted(directory),
        problems,
        "take another backup");
  }
}
