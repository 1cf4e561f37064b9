package dev.clusterctl.render;

import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.Topology;

/** The machines' names in each machine's {@code /etc/hosts}. */
public final class HostNames {
  /**
   * What is put there, kept beside it: a container's engine writes /etc/hosts anew at each start.
   */
  public static final String PATH = "/etc/clusterctl/hosts";

  /** The service that puts it there. */
  public static final String SERVICE = "clusterctl-hosts";

  /** Where the service is described. */
  public static final String UNIT_PATH = "/etc/systemd/system/" + SERVICE + ".service";

  private static final String BEGIN = "# begin clusterctl";
  private static final String END = "# end clusterctl";

  private HostNames() {}

  /** The lines, between two marks. */
  public static String block(Topology topology) {
    StringBuilder text = new StringBuilder(BEGIN).append('\n');
    for (Machine machine : topology.allMachines()) {
      text.append(machine.address()).append('\t').append(machine.name()).append('\n');
    }
    return text.append(END).append('\n').toString();
  }

  /**
   * The service: replaces what stands between the marks, at each boot and when it is restarted. The
   * file is written over, not renamed: in a container it is a mount of its own.
   */
  public static String unit() {
    return Header.comment("#")
        + """
        [Unit]
        Description=Names of the cluster's machines in /etc/hosts
        DefaultDependencies=no
        After=local-fs.target
        Before=network.target

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/bin/sh -c 'set -e; rest=$(sed "/^%1$s$/,/^%2$s$/d" /etc/hosts); { printf "%%%%s\\\\n" "$rest"; cat %3$s; } > /run/clusterctl-hosts; cat /run/clusterctl-hosts > /etc/hosts; rm -f /run/clusterctl-hosts'

        [Install]
        WantedBy=multi-user.target
        """
            .formatted(BEGIN, END, PATH);
  }
}
