package dev.clusterctl.remote;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** The command lines that machines are given. */
final class RemoteShell {
  /** How long a command that was told to end may take before it is killed. */
  static final Duration KILL_AFTER = Duration.ofSeconds(3);

  /** Linux gives a single argument 128 KiB; the quoting must fit in too. */
  private static final int LONGEST_SCRIPT = 96 * 1024;

  private RemoteShell() {}

  /**
   * The line for {@code sshd}: a shell that runs the script as root, in a process group of its own
   * that is ended when the time is up, whether or not the connection still exists.
   *
   * @param mark an argument that nothing else on the machine has, by which {@link #killer} finds
   *     the command
   * @throws IllegalArgumentException if the script is too long for a command line
   */
  static String line(String user, String script, Duration timeout, String mark) {
    if (script.getBytes(StandardCharsets.UTF_8).length > LONGEST_SCRIPT) {
      throw new IllegalArgumentException(
          "a script of more than 96 KiB doesn't fit on a command line: give it on standard input");
    }
    return "exec "
        + asRoot(user)
        + "timeout -k "
        + seconds(KILL_AFTER)
        + " "
        + seconds(timeout)
        + " /bin/bash -c "
        + Command.quote(script)
        + " bash "
        + mark;
  }

  /** The line that ends the command with the given mark, and all that it started. */
  static String killer(String user, String mark) {
    // grep -x compares whole arguments, and its own is spelled with brackets, so that neither it
    // nor this line's shells match. Of what does, `timeout` passes the signal to the whole process
    // group, and makes sure with SIGKILL.
    String script =
        "for f in $(grep -lsxz -e '[%s]%s' /proc/[0-9]*/cmdline); do p=${f#/proc/};"
                .formatted(mark.substring(0, 1), mark.substring(1))
            + " kill -TERM \"${p%%/*}\" 2>/dev/null; done; true";
    return "exec " + asRoot(user) + "/bin/bash -c " + Command.quote(script);
  }

  private static String asRoot(String user) {
    return user.equals("root") ? "" : "sudo -n -- ";
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", Math.max(1, duration.toMillis()) / 1000.0);
  }
}
