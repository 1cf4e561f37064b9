package dev.clusterctl.download;

import dev.clusterctl.topology.Packages.Deb;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directory that keeps what was downloaded, for all clusters of a user: {@code
 * clusterctl/packages} in the user's cache directory. A file in it is whole: it came there by a
 * rename. Whether it is the right one is for others to check, each time.
 */
final class PackageCache {
  private static final Duration OTHERS_MAY_TAKE = Duration.ofMinutes(30);
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final int KEY_LENGTH = 16;

  private final Path root;

  PackageCache(Path root) {
    this.root = root;
  }

  /** Where the environment says: {@code $XDG_CACHE_HOME}, else {@code ~/.cache}. */
  static PackageCache of(Map<String, String> environment) {
    Path cache =
        Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
            .map(Path::of)
            .filter(Path::isAbsolute) // others are to be ignored, says the specification
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    return new PackageCache(cache.resolve("clusterctl").resolve("packages"));
  }

  /** Where the file from a place is kept, whether it is there or not. */
  Path file(Deb deb, String url) {
    return root.resolve(key(url)).resolve(deb.fileName());
  }

  /** The same URL always means the same directory; another one never does. */
  private static String key(String url) {
    return Sha256.of(url).substring(0, KEY_LENGTH);
  }

  /** Keeps other processes from a package file, until it is closed. */
  Closeable lock(Deb deb) throws IOException, InterruptedException {
    return lock(key(deb.urls().get(0)) + ".lock", deb.fileName());
  }

  /** Keeps other processes from writing a lock file with pins, until it is closed. */
  Closeable lockPins() throws IOException, InterruptedException {
    return lock("pins.lock", PackageLockFile.WHAT);
  }

  private Closeable lock(String name, String what) throws IOException, InterruptedException {
    Files.createDirectories(root);
    // The file stays: who deletes a lock file lets two others lock two files.
    RandomAccessFile file = new RandomAccessFile(root.resolve(name).toFile(), "rw");
    try {
      Waiting.until(
          what + " is no longer worked on by another clusterctl",
          OTHERS_MAY_TAKE,
          INTERVAL,
          () -> tryLock(file));
      return file;
    } catch (WaitTimeoutException e) {
      file.close();
      throw new DownloadException(
          String.valueOf(e.getMessage()),
          List.of(),
          "look for another clusterctl on this host: ps -ef | grep clusterctl",
          e);
    } catch (IOException | InterruptedException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The lock lives as long as its file is open. */
  private static Look<FileLock> tryLock(RandomAccessFile file) throws IOException {
    try {
      FileLock lock = file.getChannel().tryLock();
      return lock == null ? Look.notYet("another process holds it") : Look.found(lock);
    } catch (OverlappingFileLockException e) {
      return Look.notYet("this process holds it");
    }
  }
}
