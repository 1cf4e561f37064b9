package dev.clusterctl.render;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Topology;
import java.util.stream.Collectors;

/**
 * The script that decides on a machine, whenever its server has started, whether that server may
 * take writes as the source. It is what keeps a source that was away during a fail-over from taking
 * writes that nobody else sees: nobody else is there to tell it at that moment.
 */
public final class RoleGuard {
  /** Where the script is. */
  public static final String PATH = "/usr/local/lib/clusterctl/role-guard";

  /** Holds one word: {@link #SOURCE} or {@link #REPLICA}. */
  public static final String ROLE = "/etc/clusterctl/role";

  /** What the file of the node's role says. */
  public static final String SOURCE = "source";

  /** See {@link #SOURCE}. */
  public static final String REPLICA = "replica";

  /** The account with which the others are asked, for the {@code mysql} client; mode 0600. */
  public static final String PEER_OPTIONS = "/etc/clusterctl/peers.cnf";

  /** Tries of each of the others, a second apart. */
  private static final int PATIENCE = 8;

  private RoleGuard() {}

  /** The script of one node. */
  public static String script(Topology topology, Node node) {
    return "#!/bin/sh\n"
        + Header.comment("#")
        + """
        # Run after each start of the MySQL server, which starts read-only. Where this node is the source, it
        # becomes writable, unless another node that can be asked takes writes or follows somebody else:
        # then there was a fail-over while this one was away, and clusterctl rejoin %1$s makes it a replica.
        set -u
        self=%2$s
        peers='%3$s'

        [ "$(cat %5$s 2>/dev/null)" = %6$s ] || exit 0
        say() { echo "clusterctl: $*" >&2; }
        here() { mysql --no-defaults --protocol=socket --user=root --batch --skip-column-names --execute="$1"; }

        ask() {
          timeout 3 mysql --defaults-file=%7$s --host="$1" --connect-timeout=2 --batch --skip-column-names --execute="
            SELECT CONCAT(@@GLOBAL.super_read_only OR @@GLOBAL.read_only, ' ', COALESCE((
              SELECT MAX(HOST) FROM performance_schema.replication_connection_configuration WHERE CHANNEL_NAME = ''), ''))" 2>/dev/null
        }

        # agreed TRIES: whether none of the others minds. All may just be starting: each gets some tries to
        # answer. One that stays silent has no say: of two nodes the one that is left must be able to go on.
        agreed() {
          for peer in $peers; do
            tries=0
            until answer=$(ask "$peer"); do
              tries=$((tries + 1))
              if [ "$tries" -ge "$1" ]; then
                answer=silent
                break
              fi
              sleep 1
            done
            case $answer in
              silent) say "$peer doesn't answer; going on without its word" ;;
              0*) say "$peer takes writes: this node stays read-only"; return 1 ;;
              "1 " | "1 $self") ;;
              *) say "$peer follows ${answer#1 }: this node stays read-only"; return 1 ;;
            esac
          done
        }

        # One that was to become the source, and whose clusterctl was killed before it was, still follows.
        follows=$(here "SELECT COUNT(*) FROM performance_schema.replication_connection_configuration WHERE CHANNEL_NAME = '' AND HOST <> ''")
        if [ "$follows" != 0 ]; then
          say 'this node follows another one, or cannot be asked: it stays read-only'
          exit 0
        fi
        agreed %4$d || exit 0
        here '%8$sSET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF' || exit 0
        # Another one may have been made the source between the question and now. It looks back, too.
        if agreed 1; then
          say 'this node is the source and takes writes'
        else
          here 'SET GLOBAL super_read_only = ON'
        fi
        """
            .formatted(
                node.name(),
                node.address(),
                topology.nodes().stream()
                    .filter(n -> !n.equals(node))
                    .map(n -> n.address().value())
                    .collect(Collectors.joining(" ")),
                PATIENCE,
                ROLE,
                SOURCE,
                PEER_OPTIONS,
                semiSync(topology));
  }

  /** Before writes are taken, commits wait for a replica, where they are to. */
  private static String semiSync(Topology topology) {
    return topology.replication().sourceReplica().filter(s -> s.semiSync()).isPresent()
        ? "SET GLOBAL %s = ON; "
            .formatted(Dialect.of(topology.mysql().version()).semiSync().sourceVariable("enabled"))
        : "";
  }

  /**
   * The client's options with which the others are asked.
   *
   * @param password of letters, digits and the like: no quote, backslash or line break
   */
  public static String peerOptions(String user, String password) {
    return """
    [client]
    user=%s
    password="%s"
    ssl-mode=REQUIRED
    """
        .formatted(user, password);
  }
}
