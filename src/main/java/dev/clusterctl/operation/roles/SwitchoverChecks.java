package dev.clusterctl.operation.roles;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.topology.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What speaks against making a replica the source: all of it at once, each with what to do. */
final class SwitchoverChecks {
  private final NodeFacts source;
  private final NodeFacts target;
  private final List<NodeFacts> all;
  private final SwitchoverOptions options;
  private final List<String> reasons = new ArrayList<>();

  private SwitchoverChecks(
      NodeFacts source, NodeFacts target, List<NodeFacts> all, SwitchoverOptions options) {
    this.source = source;
    this.target = target;
    this.all = all;
    this.options = options;
  }

  /**
   * @param all what is known of every node, those two included; the source was asked last
   * @return a line for each reason; empty where nothing speaks against it
   */
  static List<String> reasons(
      NodeFacts source, NodeFacts target, List<NodeFacts> all, SwitchoverOptions options) {
    return new SwitchoverChecks(source, target, all, options).reasons();
  }

  private List<String> reasons() {
    for (NodeFacts node : all) {
      if (!node.node().equals(source.node())) {
        replicates(node);
        lag(node);
        errant(node);
      }
      boolean retiring = options.retiring() && node.node().equals(source.node());
      if (!node.node().equals(target.node()) && !retiring) {
        canFollow(node);
      }
    }
    filters();
    binaryLog();
    return List.copyOf(reasons);
  }

  private void replicates(NodeFacts node) {
    Optional<ReplicationChannel> channel = node.seen().channel();
    if (channel.isEmpty()) {
      add("%1$s follows nobody: clusterctl rejoin %1$s", node.node());
      return;
    }
    ReplicationChannel now = channel.get();
    if (!now.sourceHost().equals(source.seen().address())) {
      add("%s follows %s and not %s: clusterctl up", node.node(), now.sourceHost(), source.node());
    } else if (!now.running()) {
      String why =
          now.applyError()
              .or(now::receiveError)
              .map(ReplicationChannel.Failure::message)
              .orElse(
                  "receiving: %s, applying: %s"
                      .formatted(now.receiving(), now.applying() ? "Yes" : "No"));
      add("%s doesn't replicate (%s): clusterctl status names what repairs it", node.node(), why);
    }
  }

  /** Only the new source must be near: it is what writes wait for. */
  private void lag(NodeFacts node) {
    if (!node.node().equals(target.node())) {
      return;
    }
    node.seen()
        .channel()
        .flatMap(ReplicationChannel::lagSeconds)
        .filter(seconds -> seconds > options.mostLag().toSeconds())
        .ifPresent(
            seconds ->
                add(
                    "%s is %d s behind (%d transactions): wait until it has caught up, or allow more with --max-lag",
                    node.node(),
                    seconds,
                    source.seen().executed().subtract(node.seen().executed()).count()));
  }

  private void errant(NodeFacts node) {
    GtidSet errant = node.seen().errant(source.seen());
    if (!errant.isEmpty()) {
      add(
          "%1$s has transactions that %2$s lacks (%3$s): clusterctl reseed %1$s, if they may go",
          node.node(), source.node(), errant);
    }
  }

  /** Whether a node could replicate from the new source. */
  private void canFollow(NodeFacts node) {
    Optional<ServerVersion> leads = target.version();
    Optional<ServerVersion> follows = node.version();
    if (leads.isPresent()
        && follows.isPresent()
        && follows.get().compareTo(leads.get()) < 0
        && !follows.get().sameSeries(leads.get())) {
      add(
          "%s runs MySQL %s, which is older than %s on %s, and a replica mustn't be older than its source: upgrade it first",
          node.node(), follows.get(), leads.get(), target.node());
    }
    GtidSet lacking = target.seen().purged().subtract(node.seen().executed());
    if (!lacking.isEmpty()) {
      add(
          "%s lacks transactions that %s has purged from its binary logs (%s): wait until it has caught up",
          node.node(), target.node(), lacking);
    }
  }

  private void filters() {
    if (!target.filters().isEmpty()) {
      add(
          "%s doesn't take everything from its source (%s): take the replication filters out of its options, and clusterctl reseed %1$s",
          target.node(), String.join(", ", target.filters()));
    }
  }

  private void binaryLog() {
    target
        .variables()
        .forEach(
            (name, value) -> {
              if (!value.equals("ON")) {
                add(
                    "%s has %s=%s, and nobody could follow it: clusterctl up renders it ON",
                    target.node(), name, value);
              }
            });
  }

  private void add(String format, Object... values) {
    reasons.add(format.formatted(values));
  }

  /** Nodes that can't be asked, as reasons. */
  static String silent(NodeName node, Throwable why) {
    return "%s can't be asked (%s): bring it back first, by clusterctl up"
        .formatted(node, why.getMessage());
  }
}
