package dev.clusterctl.operation.roles;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes another member of a single-primary group its primary, by the group's own election: the old
 * primary finishes what it began, and the new one takes writes once it has applied all. Killed at
 * any moment, the group goes on by itself.
 */
public final class GroupSwitchover {
  private static final Duration ELECTION = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Cluster cluster;
  private final GroupDriver driver;
  private final NodeName to;
  private final Story story;

  public GroupSwitchover(Cluster cluster, NodeName to, EventSink sink) {
    this.cluster = cluster;
    this.driver = new GroupDriver(cluster);
    this.to = to;
    this.story = new Story(sink);
  }

  /**
   * Looks whether it is possible; changes nothing.
   *
   * @return the primary now
   * @throws RefusedException if it isn't: with every reason
   */
  public Node look() throws IOException {
    List<String> reasons = new ArrayList<>();
    if (cluster.topology().replication().mode() == Replication.Mode.MULTI_PRIMARY) {
      throw new RefusedException(
          "every node of a multi-primary group takes writes: there is no role to change",
          List.of(),
          "clusterctl status shows who takes writes");
    }
    if (!Dialect.of(cluster.topology().mysql().version()).has(Feature.SET_AS_PRIMARY)) {
      throw new RefusedException(
          "MySQL %s has no way to choose a group's primary (8.0.13 has)"
              .formatted(cluster.topology().mysql().version()),
          List.of(),
          "the group elects another one when the primary leaves: clusterctl ssh NODE -- systemctl restart mysql, on the primary");
    }
    GroupDriver.Observations now = driver.observe();
    now.silent().forEach((name, why) -> reasons.add(SwitchoverChecks.silent(name, why)));
    for (NodeObservation one : now.answers()) {
      if (one.state() != GroupMember.State.ONLINE) {
        reasons.add("%s is %s in the group: clusterctl up".formatted(one.node(), one.state()));
      }
    }
    Optional<Node> primary = driver.writer();
    if (primary.isEmpty()) {
      reasons.add("the group has no primary: clusterctl status");
    }
    if (!reasons.isEmpty()) {
      throw new RefusedException(
          "the primary can't be changed now; nothing was touched", reasons, "");
    }
    return primary.orElseThrow();
  }

  /** Does it. */
  public RoleChange run(Node primary)
      throws IOException, InterruptedException, WaitTimeoutException {
    if (primary.name().equals(to)) {
      story.tell(to + " is the primary already");
      return new RoleChange(
          to, Optional.empty(), false, Optional.empty(), story.moments(), story.open());
    }
    Node target = cluster.topology().node(to).orElseThrow();
    try (Session onTarget = cluster.admin(target, ELECTION)) {
      String uuid = onTarget.value("SELECT @@server_uuid").orElse("");
      long begun = System.nanoTime();
      story.tell("the group elects " + to);
      onTarget.value("SELECT group_replication_set_as_primary(?)", uuid);
      Waiting.until(
          to + " takes writes as the primary",
          ELECTION,
          LOOK,
          () ->
              onTarget.value("SELECT @@GLOBAL.super_read_only").orElse("").equals("0")
                  ? Look.found(true)
                  : Look.notYet("read-only"));
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      story.tell("%s is the primary, after %d ms".formatted(to, took.toMillis()));
      return new RoleChange(
          to, Optional.of(primary.name()), true, Optional.empty(), story.moments(), story.open());
    }
  }
}
