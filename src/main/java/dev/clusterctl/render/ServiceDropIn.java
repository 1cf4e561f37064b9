package dev.clusterctl.render;

import dev.clusterctl.topology.Topology;

/**
 * What clusterctl adds to the systemd service of a MySQL server. Understood by systemd 229 (Ubuntu
 * 16.04) and by all later ones.
 */
public final class ServiceDropIn {
  /** The option file with which the running server was started. */
  public static final String STARTED_WITH = "/run/clusterctl/mysqld-started.cnf";

  private static final String MEMBER =
      """
      # Whatever ends the server, a signal, an abort or its own RESTART, it comes back, and joins its group.
      # "systemctl stop" keeps it down. A server that left its group by ABORT_SERVER may end with any status:
      # hence none prevents the restart.
      Restart=always
      # A group takes 5 s to notice that a member is gone. One that knocks before is not let in, and its
      # retries take longer than this wait.
      RestartSec=6
      # Out of the group before the end: the others then go on at once, and commits that wait for them don't
      # hold up the shutdown for a minute. The machine's root is the server's, through the socket.
      ExecStop=-/bin/sh -c 'exec timeout 30 mysql --no-defaults --protocol=socket --user=root --execute="STOP GROUP_REPLICATION"'
      """;

  private static final String SOURCE_OR_REPLICA =
      """
      # Whatever ends the server, a signal, a crash or its own RESTART, it comes back at once.
      # "systemctl stop" keeps it down.
      Restart=always
      RestartSec=1
      # Every server starts read-only. Where this one is the source, it becomes writable once the others
      # that can be asked agree: after a fail-over they don't.
      ExecStartPost=-%s
      """
          .formatted(RoleGuard.PATH);

  private ServiceDropIn() {}

  /**
   * Where the drop-in is.
   *
   * @param service its name without {@code .service}
   */
  public static String path(String service) {
    return "/etc/systemd/system/" + service + ".service.d/clusterctl.conf";
  }

  /**
   * The drop-in's text.
   *
   * @param optionFile the server's own option file, absolute
   */
  public static String content(Topology topology, String optionFile) {
    return Header.comment("#")
        + "[Service]\n"
        + (topology.replication().hasGroup() ? MEMBER : SOURCE_OR_REPLICA)
        + """
        RestartPreventExitStatus=
        # However often. (In [Unit] it is StartLimitIntervalSec, which systemd 229 doesn't know.)
        StartLimitInterval=0
        # Lets RESTART and CLONE, which end the server to have it started again, know that someone will.
        Environment=MYSQLD_PARENT_PID=1
        # Longer, and it is killed; InnoDB recovers from that.
        TimeoutStopSec=180
        # On a machine out of memory, let something else die first.
        OOMScoreAdjust=-500
        # What the running server was started with, to compare with what is on disk. PermissionsStartOnly
        # runs this as root; systemd 229 has no "+" for that.
        PermissionsStartOnly=true
        ExecStartPre=-/bin/sh -c 'rm -f %1$s; install -D -m 0644 %2$s %1$s'
        """
            .formatted(STARTED_WITH, optionFile);
  }
}
