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
  private static final Pattern OWNER =
      Pattern.compile("[a-z_][a-z0-9_-]{0,31}:[a-z_][a-z0-9_-]{0,31}");

  private final RemoteFile file;

  /**
   * @throws IllegalArgumentException if path, mode or owner are malformed
   */
  RemoteFileWriter(RemoteFile file) {
    this.file = file;
    if (!file.path().startsWith("/") || file.path().endsWith("/") || file.path().contains("\0")) {
      throw new IllegalArgumentException("not an absolute path of a file: " + file.path());
    }
    if (!MODE.matcher(file.mode()).matches()) {
      throw new IllegalArgumentException("not an octal file mode: " + file.mode());
    }
    if (!OWNER.matcher(file.owner()).matches()) {
      throw new IllegalArgumentException("not user:group: " + file.owner());
    }
  }

  /** The content comes on standard input. */
  String script() {
    String directory = file.path().substring(0, Math.max(1, file.path().lastIndexOf('/')));
    String name = file.path().substring(file.path().lastIndexOf('/') + 1);
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
        .formatted(
            Command.quote(directory),
            Command.quote(name),
            sha256(file.content()),
            file.owner(),
            file.mode());
  }

  /** Generous: a slow link must not fail, only a stuck one. */
  static Duration timeout(int bytes) {
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
      advice = "The account %s doesn't exist on %s yet.".formatted(file.owner(), machine);
    }
    return new RemoteException(
        RemoteException.Kind.COMMAND,
        "%s: can't write %s".formatted(machine, file.path()),
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
