package dev.clusterctl.download;

import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.PackageLockReader;
import dev.clusterctl.topology.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file {@code cluster.lock.yaml} on disk: read as it is now, and added to. */
final class PackageLockFile {
  static final String WHAT = PackageLock.FILE_NAME;

  private final Path file;
  private final PackageCache cache;

  PackageLockFile(Path file, PackageCache cache) {
    this.file = file;
    this.cache = cache;
  }

  Path path() {
    return file;
  }

  /**
   * What is pinned now.
   *
   * @throws DownloadException if the file has mistakes: names each with its place
   */
  PackageLock read() throws DownloadException {
    PackageLockReader.Reading reading = PackageLockReader.read(file);
    if (!reading.problems().isEmpty()) {
      throw new DownloadException(
          "%s can't be used".formatted(file),
          reading.problems().stream().map(Problem::toString).toList(),
          "Restore it (git checkout %s), or correct what is named.".formatted(file.getFileName()),
          null);
    }
    return reading.lock();
  }

  /**
   * Adds a pin to what the file holds now. Atomic: who is killed leaves the old file or the new.
   *
   * @return the pin for that URL: another's, where somebody was faster
   */
  PackageLock.Pin add(PackageLock.Pin pin) throws IOException, InterruptedException {
    try (Closeable lock = cache.lockPins()) {
      PackageLock before = read();
      PackageLock.Pin other = before.pins().get(pin.url());
      if (other != null) {
        return other;
      }
      write(before.with(pin).yaml());
      return pin;
    }
  }

  private void write(String text) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
