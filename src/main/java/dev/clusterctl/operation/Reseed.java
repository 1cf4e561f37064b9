package dev.clusterctl.operation;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.SchemaSize;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceFinding;
import dev.clusterctl.operation.seeding.Seeding;
import dev.clusterctl.operation.seeding.Seedings;
import dev.clusterctl.operation.steps.ReseedPlan;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Report;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Replication;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Replaces a replica's data by a copy of its source's, and has it follow again; or a group member's
 * by that of the group.
 */
public final class Reseed {
  private final Cluster cluster;
  private final SourceDriver driver;

  public Reseed(Cluster cluster) {
    this.cluster = cluster;
    this.driver = new SourceDriver(cluster);
  }

  /**
   * What would be done.
   *
   * @param source whose data the node gets, or, in a group, a member that has the same
   * @param method how, for people
   * @param lost the transactions that the node has and the source lacks: they are gone afterwards
   * @param schemas what is copied
   * @param plan the steps that do it
   */
  public record Preview(
      Node node, Node source, String method, GtidSet lost, List<SchemaSize> schemas, Plan plan) {}

  /**
   * Looks, and changes nothing.
   *
   * @param method empty: as the topology says; a group knows ways of its own
   * @throws MySqlException if the node is the source, there is none, one of the two doesn't answer,
   *     or they can't do the method
   */
  public Preview look(Node node, Optional<Replication.Seeding> method) throws IOException {
    Optional<Replication.SourceReplica> settings = cluster.topology().replication().sourceReplica();
    if (settings.isEmpty()) {
      if (method.isPresent()) {
        throw new MySqlException(
            "a group gives its members their data itself: there is no method to choose",
            0,
            "leave out --method",
            null);
      }
      return new GroupReseed(cluster).look(node);
    }
    return look(node, method.orElse(settings.get().seeding()));
  }

  private Preview look(Node node, Replication.Seeding method) throws IOException {
    SourceFinding finding = driver.finding();
    if (finding instanceof SourceFinding.Refuse refuse) {
      throw SourceDriver.refused(refuse);
    }
    if (!(finding instanceof SourceFinding.Exists exists)) {
      throw new MySqlException(
          "no node takes writes, so there is no source to copy from",
          0,
          "clusterctl up makes one the source",
          null);
    }
    if (exists.node().equals(node.name())) {
      throw new MySqlException(
          "%s is the source: its data is what the others are copies of".formatted(node.name()),
          0,
          "name a replica; clusterctl status shows who is what",
          null);
    }
    Node source = cluster.topology().node(exists.node()).orElseThrow();
    ReplicaObservation replica = observe(node);
    Seeding seeding = Seedings.of(cluster, method, source, node);
    return new Preview(
        node,
        source,
        seeding.label(),
        replica.errant(driver.observe(source)),
        schemas(cluster, source),
        ReseedPlan.of(cluster, node, source, seeding));
  }

  private ReplicaObservation observe(Node node) throws IOException {
    try {
      return driver.observe(node);
    } catch (MySqlException e) {
      throw explained(node, e);
    }
  }

  /** Why a node can't be looked at, with what helps where its server is down. */
  static MySqlException explained(Node node, MySqlException e) {
    return e.unreachable()
        ? new MySqlException(
            "the server of %s doesn't answer".formatted(node.name()),
            0,
            "clusterctl up starts it; reseed it then, if that is still needed",
            e)
        : e;
  }

  /** What a copy of a node's data would have. */
  static List<SchemaSize> schemas(Cluster cluster, Node of) throws IOException {
    try (Session session = cluster.admin(of)) {
      return SchemaSize.of(session);
    }
  }

  /** Does it. */
  public Report run(Executor executor, Executor.Mode mode, Preview preview) {
    return executor.run(preview.plan(), mode);
  }
}
