package dev.clusterctl.remote;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** The script that puts one file in place, and what its failure means. */
final class RemoteFileWriter {
  private static final Pattern MODE = Pattern.compile("[0-7]{3,4}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern OWNER =
      Pattern.compile("[a-z_][a-z0-9_-]{0,31}:[a-z_][a-z0-9_-]{0,31}");

  private final String path;
  private final String sha256;
  private final String mode;
  private final String owner;

  /**
   * @throws IllegalArgumentException if path, mode or owner are malformed
   */
  RemoteFileWriter(RemoteFile file) {
    this(file.path(), sha256(file.content()), file.mode(), file.owner());
  }

  /**
   * @throws IllegalArgumentException if the path or the sum is malformed
   */
  RemoteFileWriter(Upload file) {
    this(file.path(), file.sha256(), "0644", file.owner());
  }

  private RemoteFileWriter(String path, String sha256, String mode, String owner) {
    this.path = path;
    this.sha256 = sha256;
    this.mode = mode;
    this.owner = owner;
    if (!path.startsWith("/") || path.endsWith("/") || path.contains("\0")) {
      throw new IllegalArgumentException("not an absolute path of a file: " + path);
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("not a SHA-256 sum: " + sha256);
    }
    if (!MODE.matcher(mode).matches()) {
      throw new IllegalArgumentException("not an octal file mode: " + mode);
    }
    if (!OWNER.matcher(owner).matches()) {
      throw new IllegalArgumentException("not user:group: " + owner);
    }
  }

  /** Succeeds where a file with that content is there already. */
  String isThere() {
    return "echo %s | sha256sum --check --status".formatted(Command.quote(sha256 + "  " + path));
  }

  /** The content comes on standard input. */
  String script() {
    String directory = path.substring(0, Math.max(1, path.lastIndexOf('/')));
    String name = path.substring(path.lastIndexOf('/') + 1);
    return """
        set -euo pipefail
        dir=%s name=%s
        umask 022
        mkdir -p -- "$dir"
        umask 077
        tmp=$(mktemp -- "${dir%%/}/.$name.XXXXXXXX")
        trap 'rm -f -- "$tmp"' EXIT
        cat >"$tmp"
        sum=$(sha256sum <"$tmp")
        if [ "${sum%%%% *}" != %s ]; then
          echo "what arrived is not what was sent" >&2
          exit 1
        fi
        chown -- %s "$tmp"
        chmod -- %s "$tmp"
        sync -- "$tmp"
        mv -fT -- "$tmp" "${dir%%/}/$name"
        trap - EXIT
        sync -- "$dir"
        """
        .formatted(Command.quote(directory), Command.quote(name), sha256, owner, mode);
  }

  /** Generous: a slow link must not fail, only a stuck one. */
  static Duration timeout(long bytes) {
    return Command.SHORT.plusSeconds(bytes / 100_000);
  }

  RemoteException failed(String machine, Result result) {
    List<String> lines = result.lastLines(8);
    String said = String.join("\n", lines);
    String advice = "";
    if (said.contains("No space left on device") || said.contains("quota exceeded")) {
      advice = "The disk of %s is full: look with df -h and make room.".formatted(machine);
    } else if (said.contains("Read-only file system")) {
      advice =
          "The file system is mounted read-only: see dmesg on %s for the reason."
              .formatted(machine);
    } else if (said.contains("cannot overwrite directory")) {
      advice = "A directory is in the way: move it aside.";
    } else if (said.contains("invalid user") || said.contains("invalid group")) {
      advice = "The account %s doesn't exist on %s yet.".formatted(owner, machine);
    }
    return new RemoteException(
        RemoteException.Kind.COMMAND,
        "%s: can't write %s".formatted(machine, path),
        lines,
        advice,
        null);
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
