package dev.clusterctl.operation;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The directory beside the cluster.yaml that keeps what the machines can't tell: {@code
 * .clusterctl/NAME}, readable by its owner only.
 */
public final class StateDirectory {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?> PRIVATE = PosixFilePermissions.asFileAttribute(OWNER_ONLY);

  private final Path root;

  private StateDirectory(Path root) {
    this.root = root;
  }

  /** The directory of that path, whether it exists or not; makes nothing. */
  public static StateDirectory at(Path root) {
    return new StateDirectory(root.toAbsolutePath());
  }

  /**
   * The directory of that path, made with its subdirectories where they are missing. Kept out of
   * git by a {@code .gitignore} in its parent.
   *
   * @throws IOException if it can't be made, or belongs to somebody else
   */
  public static StateDirectory open(Path root) throws IOException {
    StateDirectory state = at(root);
    Path parent = state.root.getParent();
    if (parent != null) {
      makePrivate(parent);
      Path ignore = parent.resolve(".gitignore");
      try {
        Files.writeString(ignore, "*\n", java.nio.file.StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        // Whoever wrote another one had a reason.
      }
    }
    makePrivate(state.root);
    makePrivate(state.ssh());
    makePrivate(state.logs());
    return state;
  }

  /** Whether it is there: whether anything was ever done with this cluster from here. */
  public boolean exists() {
    return Files.isDirectory(root);
  }

  public Path root() {
    return root;
  }

  /** Key pair and pinned host keys. */
  public Path ssh() {
    return root.resolve("ssh");
  }

  /** Generated passwords. */
  public Path secrets() {
    return root.resolve("secrets.yaml");
  }

  public Path logs() {
    return root.resolve("logs");
  }

  /** See {@link RunLock}. */
  public Path lock() {
    return root.resolve("lock");
  }

  private static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, PRIVATE);
    }
    if (!Files.getPosixFilePermissions(directory).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }
  }
}
