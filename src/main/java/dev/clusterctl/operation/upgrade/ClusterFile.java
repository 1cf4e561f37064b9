package dev.clusterctl.operation.upgrade;

import dev.clusterctl.operation.roles.RefusedException;
import dev.clusterctl.topology.ReadResult;
import dev.clusterctl.topology.TopologyReader;
import dev.clusterctl.topology.VersionEdit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The cluster.yaml as it is to be: the same file with another version of MySQL. What runs follows
 * the file, so it is written before the first node is touched: whoever runs clusterctl after a kill
 * is told what is being done, and an upgrade goes on from there.
 */
public final class ClusterFile {
  private final Path file;
  private final String before;
  private final String after;

  private ClusterFile(Path file, String before, String after) {
    this.file = file;
    this.before = before;
    this.after = after;
  }

  /**
   * Reads it.
   *
   * @param version what is to be in it; empty: what is in it now
   * @throws RefusedException if the version in the file can't be replaced by a program
   */
  public static ClusterFile read(Path file, Optional<String> version) throws IOException {
    String text = Files.readString(file);
    if (version.isEmpty()) {
      return new ClusterFile(file, text, text);
    }
    String edited =
        VersionEdit.apply(text, version.orElseThrow())
            .orElseThrow(
                () ->
                    new RefusedException(
                        "mysql.version isn't written out in %s as one word".formatted(file),
                        List.of(),
                        "put the version there yourself, then run clusterctl upgrade without --to"));
    return new ClusterFile(file, text, edited);
  }

  /** Whether it differs from what is on disk. */
  public boolean changes() {
    return !before.equals(after);
  }

  /** What it means, or what is wrong with it. */
  public ReadResult result() {
    return TopologyReader.readText(after, file);
  }

  /** Writes it, whole or not at all; nothing where nothing changes. */
  public void write() throws IOException {
    if (!changes()) {
      return;
    }
    Path real = file.toRealPath();
    Path temporary = real.resolveSibling("." + real.getFileName() + ".new");
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(real);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(after.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.setPosixFilePermissions(temporary, permissions);
    Files.move(
        temporary, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
