package dev.clusterctl.remote;

/**
 * A file for a machine.
 *
 * @param path absolute
 * @param mode such as {@code 0644}, octal digits
 * @param owner {@code user:group}
 */
public record RemoteFile(String path, byte[] content, String mode, String owner) {

  /** A file that anyone may read, owned by root. */
  public static RemoteFile of(String path, String text) {
    return new RemoteFile(
        path, text.getBytes(java.nio.charset.StandardCharsets.UTF_8), "0644", "root:root");
  }

  public RemoteFile withMode(String octal) {
    return new RemoteFile(path, content, octal, owner);
  }

  public RemoteFile withOwner(String userAndGroup) {
    return new RemoteFile(path, content, mode, userAndGroup);
  }
}
