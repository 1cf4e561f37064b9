package dev.clusterctl.operation.steps;

import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.dialect.UpgradePath;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.ReplicationDriver;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Replication;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a group only does once all of its members have the new version: it speaks the newest
 * protocol that they know, and each member of a multi-primary group takes writes again.
 */
final class GroupProtocolStep extends ClusterStep {
  /** The group finishes all that is going on in the old protocol first. */
  private static final Duration CHANGE = Duration.ofMinutes(5);

  private final Cluster cluster;
  private final ReplicationDriver driver;
  private final ServerVersion version;

  GroupProtocolStep(Cluster cluster, Set<String> needs) {
    super(CLUSTER, "group-protocol", "group speaks its newest protocol", needs, Set.of());
    this.cluster = cluster;
    this.driver = cluster.driver();
    this.version = cluster.topology().mysql().version();
  }

  @Override
  public Check check() throws IOException {
    List<String> changes = new ArrayList<>();
    try (Session session = cluster.admin(driver.requireWriter())) {
      older(session)
          .ifPresent(
              now ->
                  changes.add(
                      "have the group speak the protocol of %s, not that of %s"
                          .formatted(version, now)));
    }
    for (Node node : asleep()) {
      changes.add("have %s take writes again".formatted(node.name()));
    }
    return changes.isEmpty() ? Check.satisfied() : new Check.Differs(changes, List.of());
  }

  /** The protocol that the group speaks, where it could speak a newer one. */
  private Optional<ServerVersion> older(Session session) throws IOException {
    Optional<ServerVersion> newest = UpgradePath.groupProtocol(version);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    return session
        .value("SELECT group_replication_get_communication_protocol()")
        .flatMap(ServerVersion::parse)
        .filter(now -> now.compareTo(newest.orElseThrow()) < 0);
  }

  /** Members of a multi-primary group that stay read-only unless they are told. */
  private List<Node> asleep() throws IOException {
    List<Node> asleep = new ArrayList<>();
    if (cluster.topology().replication().mode() == Replication.Mode.MULTI_PRIMARY
        && !new UpgradePath(version, version).membersWakeUp()) {
      for (Node node : cluster.topology().nodes()) {
        try (Session session = cluster.admin(node)) {
          if (session.value("SELECT @@GLOBAL.super_read_only").orElse("").equals("1")) {
            asleep.add(node);
          }
        }
      }
    }
    return asleep;
  }

  @Override
  public void apply(Progress progress) throws IOException {
    try (Session session = cluster.admin(driver.requireWriter(), CHANGE)) {
      if (older(session).isPresent()) {
        progress.report("raising the protocol");
        session.value("SELECT group_replication_set_communication_protocol(?)", version.toString());
      }
    }
    for (Node node : asleep()) {
      try (Session session = cluster.admin(node)) {
        session.run("SET GLOBAL super_read_only = OFF");
        session.run("SET GLOBAL read_only = OFF");
      }
    }
  }
}
