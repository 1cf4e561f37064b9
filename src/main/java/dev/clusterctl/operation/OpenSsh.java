package dev.clusterctl.operation;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Endpoint;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands the terminal over to the ssh program, which knows better than any library how to be one. It
 * gets the cluster's key and the pinned host keys, and nothing of the user's own configuration that
 * could weaken them.
 */
public final class OpenSsh {
  private static final String ROOT = "root";

  private OpenSsh() {}

  /**
   * Runs a command as root on a machine, or a shell where it is empty; streams are the process's
   * own.
   *
   * @return its exit status; 255 where ssh itself failed
   */
  public static int run(Cluster cluster, NodeName machine, List<String> command)
      throws IOException, InterruptedException {
    return script(
        cluster,
        machine,
        String.join(" ", command.stream().map(Command::quote).toList()),
        command.isEmpty());
  }

  /**
   * Runs a script as root on a machine.
   *
   * @param script what its shell runs; a login shell where it is empty
   * @param terminal whether it gets a terminal
   */
  static int script(Cluster cluster, NodeName machine, String script, boolean terminal)
      throws IOException, InterruptedException {
    Endpoint endpoint = cluster.provider().endpoint(machine);
    Path knownHosts =
        Files.createTempFile(
            cluster.state().root(),
            "known_hosts",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(
          knownHosts, endpoint.hostKeys().stream().map(key -> machine + " " + key).toList());
      List<String> words =
          new ArrayList<>(
              List.of(
                  "ssh",
                  "-o",
                  "UserKnownHostsFile=" + knownHosts,
                  "-o",
                  "GlobalKnownHostsFile=/dev/null",
                  "-o",
                  "StrictHostKeyChecking=yes",
                  "-o",
                  "HostKeyAlias=" + machine,
                  "-o",
                  "IdentitiesOnly=yes",
                  "-o",
                  "LogLevel=ERROR",
                  "-i",
                  endpoint.identity().toString(),
                  "-p",
                  String.valueOf(endpoint.port()),
                  terminal ? "-t" : "-T",
                  endpoint.user() + "@" + endpoint.host()));
      if (endpoint.user().equals(ROOT)) {
        if (!script.isEmpty()) {
          words.add(script);
        }
      } else {
        words.add(script.isEmpty() ? "sudo -n -i" : "sudo -n -- bash -c " + Command.quote(script));
      }
      return start(words).waitFor();
    } finally {
      Files.deleteIfExists(knownHosts);
    }
  }

  private static Process start(List<String> words) throws IOException {
    try {
      return new ProcessBuilder(words).inheritIO().start();
    } catch (IOException e) {
      throw new IOException(
          "the program ssh can't be started; install OpenSSH's client (Debian: openssh-client)", e);
    }
  }
}
