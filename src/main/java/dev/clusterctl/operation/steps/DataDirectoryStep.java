package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.Installation;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * The server has a data directory. A mark outside of it says that one is being made: whoever finds
 * the mark knows that its predecessor was killed, and that what lies there is worth nothing.
 */
final class DataDirectoryStep extends ClusterStep {
  private static final Duration INITIALISE = Duration.ofMinutes(10);

  private final Cluster cluster;
  private final Node node;
  private final Remote remote;

  DataDirectoryStep(Cluster cluster, Node node, Set<String> needs) {
    super(node.name().value(), "data-directory", "data directory made", needs, Set.of());
    this.cluster = cluster;
    this.node = node;
    this.remote = cluster.remote(node.name());
  }

  @Override
  public Check check() throws IOException {
    Installation installation = cluster.installation(node.name());
    String found =
        remote.check(
            Command.shell(
                "look at the data directory",
                "if [ -e %s ]; then echo unfinished; elif [ -d %s/mysql ]; then echo there; else echo absent; fi"
                    .formatted(
                        Installation.UNFINISHED, Command.quote(installation.dataDirectory()))));
    return switch (found.strip()) {
      case "there" -> Check.satisfied();
      case "unfinished" -> Check.differs("make the data directory anew: making it was interrupted");
      default -> Check.differs("make the data directory " + installation.dataDirectory());
    };
  }

  @Override
  public void apply(Progress progress) throws IOException {
    Installation installation = cluster.installation(node.name());
    progress.report("initialising");
    remote.check(
        Command.shell(
                "make the data directory",
                """
                set -euo pipefail
                data=%s
                mark=%s
                mkdir -p "$(dirname "$mark")"
                # Whoever was killed may have left this very script running here: it comes to its end first.
                exec 9>"$mark.lock"
                flock --wait 300 9
                if [ ! -e "$mark" ] && [ -d "$data/mysql" ]; then exit 0; fi
                if [ ! -e "$mark" ] && [ -n "$(find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name 'debian-*.flag' -print -quit 2>/dev/null)" ]; then
                  echo "$data holds files but no MySQL data directory; clusterctl doesn't delete what it didn't make" >&2
                  exit 1
                fi
                mkdir -p "$data"
                touch "$mark"
                systemctl stop %s
                find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found -exec rm -rf -- {} +
                chown mysql:mysql "$data"
                chmod 0750 "$data"
                mkdir -p /var/log/mysql
                chown mysql:adm /var/log/mysql
                if ! %s --defaults-file=%s --user=mysql --initialize-insecure; then
                  tail -n 12 %s >&2
                  exit 1
                fi
                %s
                sync -f "$data" 2>/dev/null || sync
                rm -f "$mark"
                """
                    .formatted(
                        Command.quote(installation.dataDirectory()),
                        Installation.UNFINISHED,
                        Command.quote(installation.service()),
                        Command.quote(installation.binary()),
                        Command.quote(installation.optionFile()),
                        Command.quote(installation.errorLog()),
                        certificates()))
            .withTimeout(INITIALISE));
  }

  /** Without them an old server has no TLS, and no account that requires it can log in. */
  private String certificates() {
    return Dialect.of(cluster.topology().mysql().version()).has(Feature.MAKES_CERTIFICATES)
        ? ""
        : "if command -v mysql_ssl_rsa_setup >/dev/null; then mysql_ssl_rsa_setup --datadir=\"$data\" --uid=mysql >/dev/null; fi";
  }
}
