package dev.clusterctl.operation.upgrade;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.dialect.UpgradePath;
import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.ReplicaObservation;
import dev.clusterctl.mysql.ReplicationChannel;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceFinding;
import dev.clusterctl.operation.Background;
import dev.clusterctl.operation.Cluster;
import dev.clusterctl.operation.GroupDriver;
import dev.clusterctl.operation.SourceDriver;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication.CommunicationStack;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks all nodes what {@link UpgradeChecks} and {@link UpgradeOrder} have to know. */
public final class UpgradeLook {

  /** In MySQL 8.0 the data dictionary has these names for itself. Manual: preparing for upgrade. */
  private static final String RESERVED_TABLES =
      "'catalogs', 'character_sets', 'check_constraints', 'collations', 'column_statistics',"
          + " 'column_type_elements', 'columns', 'dd_properties', 'events', 'foreign_key_column_usage',"
          + " 'foreign_keys', 'index_column_usage', 'index_partitions', 'index_stats', 'indexes',"
          + " 'parameter_type_elements', 'parameters', 'resource_groups', 'routines', 'schemata',"
          + " 'st_spatial_reference_systems', 'table_partition_values', 'table_partitions',"
          + " 'table_stats', 'tables', 'tablespace_files', 'tablespaces', 'triggers',"
          + " 'view_routine_usage', 'view_table_usage'";

  /** Only InnoDB parts tables itself in 8.0. Manual: preparing for upgrade. */
  private static final String FOREIGN_PARTITIONS =
      "SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) AS name, ENGINE AS engine FROM"
          + " information_schema.TABLES WHERE CREATE_OPTIONS LIKE '%partitioned%' AND ENGINE NOT IN"
          + " ('InnoDB', 'ndbcluster')";

  private final Cluster cluster;
  private final Topology topology;

  /**
   * @param cluster with the topology that is to be
   */
  public UpgradeLook(Cluster cluster) {
    this.cluster = cluster;
    this.topology = cluster.topology();
  }

  /** What one node says. */
  private record Answer(
      ServerVersion version,
      List<String> prepared,
      Optional<CommunicationStack> stack,
      List<String> nativeAccounts,
      List<String> refusedTables) {}

  private record Asked(
      Node node, CompletableFuture<Answer> server, CompletableFuture<Software> machine) {}

  /**
   * Asks all nodes at once.
   *
   * @throws IOException if it can't be told who takes writes
   */
  public UpgradeFacts facts() throws IOException {
    boolean grouped = topology.replication().hasGroup();
    Map<NodeName, String> complaints = new LinkedHashMap<>();
    Optional<NodeName> writer = grouped ? group(complaints) : source(complaints);
    List<Asked> all =
        topology.nodes().stream()
            .map(
                node ->
                    new Asked(
                        node,
                        Background.call(() -> ask(node)),
                        Background.call(() -> Software.of(cluster, node))))
            .toList();
    List<NodeState> nodes = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (Asked one : all) {
      Node node = one.node();
      Optional<Answer> answer = Optional.empty();
      try {
        answer = Optional.of(Background.await(one.server()));
      } catch (IOException e) {
        complaints.put(
            node.name(),
            "%s can't be asked (%s): bring it back first".formatted(node.name(), e.getMessage()));
      }
      answer.ifPresent(answers::add);
      Optional<Software> software = software(one.machine());
      nodes.add(
          new NodeState(
              node.name(),
              answer.map(Answer::version),
              software.flatMap(Software::installed),
              software.flatMap(Software::unfinished),
              writer.equals(Optional.of(node.name())),
              Optional.ofNullable(complaints.get(node.name())),
              answer.map(Answer::prepared).orElse(List.of())));
    }
    return new UpgradeFacts(
        topology,
        nodes,
        answers.stream().flatMap(a -> a.stack().stream()).findFirst(),
        answers.stream().flatMap(a -> a.nativeAccounts().stream()).distinct().toList(),
        answers.stream().flatMap(a -> a.refusedTables().stream()).distinct().toList());
  }

  /** A machine that doesn't answer has a server that doesn't, and that is complained of. */
  private static Optional<Software> software(CompletableFuture<Software> asked) {
    try {
      return Optional.of(Background.await(asked));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * @return the primary; in multi-primary mode the last of those that are ONLINE and of the lowest
   *     version, as only they take writes once there is a newer one
   */
  private Optional<NodeName> group(Map<NodeName, String> complaints) throws IOException {
    GroupDriver driver = new GroupDriver(cluster);
    GroupDriver.Observations now = driver.observe();
    Optional<NodeName> writer = Optional.empty();
    for (NodeObservation node : now.answers()) {
      if (node.state() != GroupMember.State.ONLINE) {
        complaints.put(
            node.node(),
            "%s is %s in the group: clusterctl status tells more"
                .formatted(node.node(), node.state()));
      } else if (node.members().stream()
          .anyMatch(m -> m.uuid().equals(node.serverUuid()) && m.primary())) {
        writer = Optional.of(node.node());
      }
    }
    if (!now.answers().isEmpty()
        && now.answers().stream().noneMatch(NodeObservation::hasMajority)) {
      throw new MySqlException(
          "there is no group with a majority of its members",
          0,
          "clusterctl status shows what the nodes do",
          null);
    }
    return writer;
  }

  /** The source; one that takes no writes yet, as a change of roles was cut short, counts, too. */
  private Optional<NodeName> source(Map<NodeName, String> complaints) throws IOException {
    SourceDriver driver = new SourceDriver(cluster);
    SourceDriver.Observations now = driver.observe();
    if (now.answers().isEmpty()) {
      // A single node whose upgrade was cut short.
      return Optional.empty();
    }
    SourceFinding finding = driver.finding(now);
    if (finding instanceof SourceFinding.Refuse refuse) {
      throw SourceDriver.refused(refuse);
    }
    NodeName name =
        finding instanceof SourceFinding.Exists exists
            ? exists.node()
            : ((SourceFinding.Make) finding).node();
    Node source = topology.node(name).orElseThrow();
    boolean newer =
        now.of(name)
            .flatMap(o -> ServerVersion.parse(o.version()))
            .filter(topology.mysql()::servedBy)
            .isPresent();
    for (ReplicaObservation replica : now.answers()) {
      boolean retired =
          newer
              && ServerVersion.parse(replica.version())
                  .filter(v -> !topology.mysql().servedBy(v))
                  .isPresent();
      // The source before is older than the one now: it can't follow until it is upgraded itself.
      if (!replica.node().equals(name)
          && !retired
          && !(replica.follows(source.address().value())
              && replica.channel().filter(ReplicationChannel::running).isPresent())) {
        complaints.put(
            replica.node(),
            "%s doesn't follow %s: clusterctl status names what repairs it"
                .formatted(replica.node(), name));
      }
    }
    return Optional.of(name);
  }

  private Answer ask(Node node) throws IOException {
    try (Session session = cluster.admin(node)) {
      ServerVersion version = session.version();
      Dialect now = Dialect.of(version);
      boolean other = !topology.mysql().servedBy(version);
      return new Answer(
          version,
          other ? prepared(session) : List.of(),
          topology.replication().hasGroup() ? Optional.of(stack(session, now)) : Optional.empty(),
          other && now.has(Feature.NATIVE_PASSWORD) ? nativeAccounts(session) : List.of(),
          new UpgradePath(version, topology.mysql().version()).makesDataDictionary()
              ? refusedTables(session)
              : List.of());
    }
  }

  private static List<String> prepared(Session session) throws IOException {
    return session.query("XA RECOVER CONVERT XID").stream().map(row -> row.text("data")).toList();
  }

  private static CommunicationStack stack(Session session, Dialect dialect) throws IOException {
    return dialect.has(Feature.COMMUNICATION_STACK)
        ? session
            .value("SELECT @@GLOBAL.group_replication_communication_stack")
            .map(CommunicationStack::valueOf)
            .orElse(CommunicationStack.XCOM)
        : CommunicationStack.XCOM;
  }

  /** Those of the server itself are locked, and the new one gives them another plugin. */
  private static List<String> nativeAccounts(Session session) throws IOException {
    return session
        .query(
            "SELECT User, Host FROM mysql.user WHERE plugin = 'mysql_native_password' AND User NOT"
                + " LIKE 'mysql.%' ORDER BY User, Host")
        .stream()
        .map(row -> Quoting.account(row.text("User"), row.text("Host")))
        .toList();
  }

  private static List<String> refusedTables(Session session) throws IOException {
    List<String> refused = new ArrayList<>();
    session
        .query(FOREIGN_PARTITIONS)
        .forEach(
            row ->
                refused.add(
                    "the table %s is partitioned, and MySQL 8.0 has that for InnoDB only, not for %s: ALTER TABLE … ENGINE=InnoDB, or REMOVE PARTITIONING"
                        .formatted(row.text("name"), row.text("engine"))));
    session
        .query(
            "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'mysql'"
                + " AND LOWER(TABLE_NAME) IN ("
                + RESERVED_TABLES
                + ")")
        .forEach(
            row ->
                refused.add(
                    "the table mysql.%s has a name that MySQL 8.0 needs for itself: rename it"
                        .formatted(row.text("name"))));
    return refused;
  }
}
