package dev.clusterctl.operation.upgrade;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.remote.Command;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a node's machine says of the server's program, whether the server runs or not.
 *
 * @param installed the program's version; empty where there is none
 * @param data whether there is a data directory
 * @param unfinished see {@link UpgradeMark}: the version that it had
 */
public record Software(
    Optional<ServerVersion> installed, boolean data, Optional<ServerVersion> unfinished) {

  private static final String LOOK =
      """
      binary=%1$s
      if [ -x "$binary" ]; then "$binary" --no-defaults --version | sed -nE 's/.*Ver ([0-9]+\\.[0-9]+\\.[0-9]+).*/installed=\\1/p'; fi
      if [ -d %2$s/mysql ]; then echo data=yes; fi
      if [ -e %3$s ]; then sed 's/^/unfinished=/' %3$s; fi
      """;

  /**
   * Looks.
   *
   * @throws IOException if the machine can't be asked
   */
  public static Software of(Cluster cluster, Node node) throws IOException {
    Installation installation = cluster.installation(node.name());
    Map<String, String> found = new HashMap<>();
    cluster
        .remote(node.name())
        .check(
            Command.shell(
                "look at the server's program",
                LOOK.formatted(
                    Command.quote(installation.binary()),
                    Command.quote(installation.dataDirectory()),
                    UpgradeMark.PATH)))
        .lines()
        .filter(line -> line.contains("="))
        .forEach(
            line ->
                found.put(
                    line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    return new Software(
        version(found, "installed"), found.containsKey("data"), version(found, "unfinished"));
  }

  private static Optional<ServerVersion> version(Map<String, String> found, String key) {
    return Optional.ofNullable(found.get(key)).flatMap(ServerVersion::parse);
  }
}
