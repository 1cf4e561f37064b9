package dev.clusterctl.operation;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets one run at a time change a cluster. The operating system holds the lock, so it is free again
 * however its holder ended; the file's text only says who the holder is.
 */
public final class RunLock implements Closeable {
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** Not a FileChannel of its own: writing to that fails in an interrupted thread. */
  private final RandomAccessFile file;

  private final FileLock lock;

  private RunLock(RandomAccessFile file, FileLock lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Takes the lock.
   *
   * @param path where; made if it isn't there
   * @param command what the holder is doing, for whoever comes second
   * @throws RunLockedException if another run holds it: says which
   * @throws IOException if the file can't be written
   */
  public static RunLock acquire(Path path, String command) throws IOException {
    if (!Files.exists(path)) {
      try {
        Files.createFile(path, PRIVATE);
      } catch (FileAlreadyExistsException e) {
        // Somebody else was faster; the lock decides.
      }
    }
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      FileLock lock = tryLock(file.getChannel());
      if (lock == null) {
        throw new RunLockedException(Files.readString(path).strip());
      }
      // Only now: a second comer must not wipe out what the holder wrote.
      file.setLength(0);
      file.write(holder(command).getBytes(StandardCharsets.UTF_8));
      return new RunLock(file, lock);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  private static String holder(String command) {
    return "clusterctl %s, process %d on %s, since %s\n"
        .formatted(
            command,
            ProcessHandle.current().pid(),
            hostName(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this host";
    }
  }

  /** Gives it back. The file stays: who deletes a lock file lets two others lock two files. */
  @Override
  public void close() throws IOException {
    try (file) {
      file.setLength(0);
      lock.release();
    }
  }
}
