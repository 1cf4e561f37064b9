package dev.clusterctl.operation.failover;

import dev.clusterctl.remote.Command;
import dev.clusterctl.topology.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A way to take a node down, as two shell scripts for its machine: one does it, one undoes it and
 * may run any number of times.
 */
public sealed interface Fault {

  /** The name that a user gives it. */
  String how();

  /** What it does to a node, for people: "db2's MySQL is …". */
  String description();

  /** Does it; needs root. Prints what a report should say about the means; may print nothing. */
  String injectScript(Target target);

  /** Undoes it; needs root. Does nothing where nothing is to be undone. */
  String healScript(Target target);

  /** All of them. */
  static List<Fault> all() {
    return List.of(new Stop(), new Kill(), new Freeze(), new Partition());
  }

  /** The one that a user calls so. */
  static Optional<Fault> named(String how) {
    return all().stream().filter(f -> f.how().equals(how)).findFirst();
  }

  /**
   * What is hit.
   *
   * @param service mysqld's systemd service
   * @param peers the other members and the proxy
   */
  record Target(String service, List<IpAddress> peers) {
    public Target {
      peers = List.copyOf(peers);
    }

    private String quotedService() {
      return Command.quote(service);
    }

    private String peerWords() {
      return peers.stream().map(p -> Command.quote(p.value())).collect(Collectors.joining(" "));
    }

    /**
     * Sets {@code pid} to mysqld's: the service's main process, or the child of the wrapper that
     * distributions of old start. ({@code systemctl kill} would do it too, but the name of its
     * option {@code --kill-who} has changed.)
     */
    private String findPid() {
      return """
          pid=$(systemctl show -p MainPID %1$s | sed 's/^MainPID=//')
          if [ "${pid:-0}" -le 0 ]; then
            echo "service "%1$s" has no main process" >&2
            exit 1
          fi
          if [ "$(cat /proc/$pid/comm)" = mysqld_safe ]; then
            pid=$(pgrep -P "$pid" mysqld)
          fi
          """
          .formatted(quotedService());
    }

    private String start() {
      // A service that was restarted too often is "failed" and would refuse.
      return """
          if ! systemctl is-active --quiet %1$s; then
            systemctl reset-failed %1$s 2>/dev/null || true
            systemctl start %1$s
          fi
          """
          .formatted(quotedService());
    }
  }

  /** An orderly shutdown: {@code systemctl stop}. */
  record Stop() implements Fault {
    @Override
    public String how() {
      return "stop";
    }

    @Override
    public String description() {
      return "shut down in an orderly way (systemctl stop)";
    }

    @Override
    public String injectScript(Target target) {
      return "systemctl stop " + target.quotedService() + "\n";
    }

    @Override
    public String healScript(Target target) {
      return target.start();
    }
  }

  /** A crash: SIGKILL. Whether systemd restarts it is a part of the test. */
  record Kill() implements Fault {
    @Override
    public String how() {
      return "kill";
    }

    @Override
    public String description() {
      return "killed (SIGKILL), as in a crash";
    }

    @Override
    public String injectScript(Target target) {
      return target.findPid() + "kill -KILL \"$pid\"\n";
    }

    @Override
    public String healScript(Target target) {
      return target.start();
    }
  }

  /** A hang: the process is there, its kernel accepts connections, and nothing ever answers. */
  record Freeze() implements Fault {
    @Override
    public String how() {
      return "freeze";
    }

    @Override
    public String description() {
      return "frozen (SIGSTOP): connections are accepted, nothing answers";
    }

    @Override
    public String injectScript(Target target) {
      return target.findPid() + "kill -STOP \"$pid\"\n";
    }

    @Override
    public String healScript(Target target) {
      // Should it have gone meanwhile, it must be started, not woken.
      return target.start() + target.findPid() + "kill -CONT \"$pid\"\n";
    }
  }

  /** A broken network: nothing passes between the node and the other members and the proxy. */
  record Partition() implements Fault {
    private static final String CHAIN = "CLUSTERCTL_FAULT";

    @Override
    public String how() {
      return "partition";
    }

    @Override
    public String description() {
      return "cut off from the other members and the proxy, both ways, without a word";
    }

    @Override
    public String injectScript(Target target) {
      // The port that this very session came in through stays open: whoever administrates the
      // machine from one of the others must be able to heal it.
      return """
          ssh_port=22
          if [ -n "${SSH_CONNECTION:-}" ]; then ssh_port=${SSH_CONNECTION##* }; fi
          peers=(%1$s)
          t() { iptables -w 10 "$@"; }
          by_rules() {
            command -v iptables >/dev/null || return 1
            t -N %2$s || return 1
            t -A %2$s -p tcp --dport "$ssh_port" -j RETURN || return 1
            t -A %2$s -p tcp --sport "$ssh_port" -j RETURN || return 1
            for peer in "${peers[@]}"; do
              t -A %2$s -s "$peer" -j DROP && t -A %2$s -d "$peer" -j DROP || return 1
            done
            for hook in INPUT OUTPUT; do
              t -I "$hook" 1 -m comment --comment clusterctl-failover-test -j %2$s || return 1
            done
          }
          by_routes() {
            for peer in "${peers[@]}"; do
              ip route add blackhole "$peer/32" || return 1
            done
          }
          undo() {
          %3$s
          }
          if why=$(by_rules 2>&1); then
            echo "by iptables"
          else
            undo
            if also=$(by_routes 2>&1); then
              echo "by blackhole routes, as iptables can't: $(tail -n 1 <<<"$why")"
            else
              undo
              printf 'iptables: %%s\\nip route: %%s\\n' "$why" "$also" >&2
              exit 1
            fi
          fi
          """
          .formatted(target.peerWords(), CHAIN, healScript(target).strip());
    }

    @Override
    public String healScript(Target target) {
      String rules =
          Stream.of("INPUT", "OUTPUT")
              .map(
                  hook ->
                      """
                      while iptables -w 10 -D %1$s -m comment --comment clusterctl-failover-test -j %2$s 2>/dev/null; do :; done
                      """
                          .formatted(hook, CHAIN))
              .collect(Collectors.joining());
      return """
          if command -v iptables >/dev/null; then
          %1$sif iptables -w 10 -n -L %2$s >/dev/null 2>&1; then
            iptables -w 10 -F %2$s
            iptables -w 10 -X %2$s
          fi
          fi
          for peer in %3$s; do
            while ip route del blackhole "$peer/32" 2>/dev/null; do :; done
          done
          """
          .formatted(rules, CHAIN, target.peerWords());
    }
  }
}
