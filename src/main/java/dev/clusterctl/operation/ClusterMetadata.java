package dev.clusterctl.operation;

import dev.clusterctl.dialect.MetadataVersion;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.NodeObservation;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.metadata.DesiredCluster;
import dev.clusterctl.mysql.metadata.InstanceFacts;
import dev.clusterctl.mysql.metadata.Metadata;
import dev.clusterctl.mysql.metadata.MetadataChange;
import dev.clusterctl.mysql.metadata.MetadataContents;
import dev.clusterctl.mysql.metadata.MetadataPlan;
import dev.clusterctl.mysql.metadata.RouterRow;
import dev.clusterctl.render.MyCnf;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Replication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The metadata of an InnoDB Cluster beside the live group: what it says, what is wrong with it, and
 * how that is mended. Everybody who changes the members of the group calls {@link #keepTrue}
 * afterwards.
 */
public final class ClusterMetadata {
  private final Cluster cluster;
  private final GroupDriver driver;

  private ClusterMetadata(Cluster cluster) {
    this.cluster = cluster;
    this.driver = new GroupDriver(cluster);
  }

  /** The metadata of a cluster; empty where it is no InnoDB Cluster, which has none. */
  public static Optional<ClusterMetadata> of(Cluster cluster) {
    return cluster.topology().replication().isInnodbCluster()
        ? Optional.of(new ClusterMetadata(cluster))
        : Optional.empty();
  }

  /**
   * Has the metadata say again what is so, after members came, went or changed; nothing where the
   * cluster has no metadata.
   *
   * @return what was changed, for people; empty where all was right
   * @throws IOException if no node takes writes, or it can't be read or written
   */
  public static List<String> keepTrue(Cluster cluster) throws IOException {
    Optional<ClusterMetadata> metadata = of(cluster);
    return metadata.isPresent() ? metadata.get().repairRows() : List.of();
  }

  /** The version that the schema should have. */
  public MetadataVersion version() {
    return MetadataVersion.of(cluster.topology().mysql().version());
  }

  /**
   * What the schema lacks, for people; empty where it is whole. One of a later version than ours is
   * left as it is: somebody's MySQL Shell made it so.
   *
   * @throws MySqlException if it is one that clusterctl can't deal with
   */
  public List<String> schemaProblems(MetadataContents contents) throws MySqlException {
    if (contents.equals(MetadataContents.NONE)) {
      return List.of("make the metadata schema, version " + version());
    }
    if (contents.version().isEmpty()) {
      String text = contents.versionText();
      if (text.isEmpty() || text.equals("0.0.0")) {
        return List.of("finish the metadata schema, version " + version());
      }
      throw new MySqlException(
          "the metadata schema has version %s, which clusterctl doesn't know".formatted(text),
          0,
          text.startsWith("1.")
              ? "upgrade it with MySQL Shell: dba.upgradeMetadata()"
              : "use a clusterctl as new as the MySQL Shell that made it",
          null);
    }
    MetadataVersion is = contents.version().get();
    if (!is.atLeast(version())) {
      return List.of("bring the metadata schema from version %s to %s".formatted(is, version()));
    }
    return contents.missing().isEmpty()
        ? List.of()
        : List.of("make what the metadata schema lacks: " + String.join(", ", contents.missing()));
  }

  /** Makes the schema whole, on the node that takes writes. */
  public void makeSchema() throws IOException {
    try (Session session = cluster.admin(driver.requireWriter())) {
      Metadata metadata = new Metadata(session);
      MetadataVersion is = metadata.read().version().orElse(version());
      metadata.makeSchema(is.atLeast(version()) ? is : version());
    }
  }

  /** What is in the schema, read on a member of the group. */
  public MetadataContents read() throws IOException {
    try (Session session = cluster.admin(driver.requireWriter())) {
      return new Metadata(session).read();
    }
  }

  /** All that is wrong, schema, rows and Routers, for people; empty where nothing is. */
  public List<String> problems() throws IOException {
    MetadataContents contents = read();
    List<String> schema = schemaProblems(contents);
    if (!schema.isEmpty()) {
      return schema;
    }
    List<String> problems = new ArrayList<>(rowProblems());
    RegisteredRouters routers = new RegisteredRouters(cluster);
    for (Proxy missing : routers.missing(contents)) {
      problems.add("bootstrap the router %s, which it doesn't list".formatted(missing.name()));
    }
    for (RouterRow former : routers.former(contents)) {
      problems.add(
          "forget the router %s (%s), which cluster.yaml doesn't name"
              .formatted(former.name(), former.address()));
    }
    return problems;
  }

  /** Forgets Routers that are there no more, all or none. */
  public void forget(List<RouterRow> routers) throws IOException {
    try (Session session = cluster.admin(driver.requireWriter())) {
      Metadata metadata = new Metadata(session);
      MetadataVersion version = metadata.read().version().orElse(version());
      metadata.apply(routers.stream().map(r -> MetadataPlan.forget(r, version)).toList());
    }
  }

  /** Which rows are wrong, for people; empty where all say what is so. */
  public List<String> rowProblems() throws IOException {
    GroupDriver.Observations observations = driver.observe();
    return MetadataPlan.of(wanted(observations), read()).stream()
        .map(MetadataChange::text)
        .toList();
  }

  /** Mends the rows, all in one transaction. */
  public List<String> repairRows() throws IOException {
    DesiredCluster wanted = wanted(driver.observe());
    try (Session session = cluster.admin(driver.requireWriter())) {
      Metadata metadata = new Metadata(session);
      List<MetadataChange> changes = MetadataPlan.of(wanted, metadata.read());
      if (!changes.isEmpty()) {
        metadata.apply(changes);
      }
      return changes.stream().map(MetadataChange::text).toList();
    }
  }

  private DesiredCluster wanted(GroupDriver.Observations observations) throws IOException {
    Replication replication = cluster.topology().replication();
    Set<String> inGroup = new HashSet<>();
    observations.answers().stream()
        .filter(NodeObservation::hasMajority)
        .forEach(o -> o.members().forEach(m -> inGroup.add(m.uuid())));
    List<InstanceFacts> members = new ArrayList<>();
    Set<String> others = new HashSet<>();
    long sizeLimit = 0;
    for (Node node : cluster.topology().nodes()) {
      if (observations.of(node.name()).filter(NodeObservation::inGroup).isPresent()) {
        try (Session session = cluster.admin(node)) {
          members.add(facts(node, session));
          sizeLimit = transactionSizeLimit(session);
        }
      } else {
        others.add(endpoint(node));
      }
    }
    return new DesiredCluster(
        cluster.topology().name(),
        replication.groupName(),
        GroupMode.of(observations.answers()).orElse(replication.mode())
            == Replication.Mode.MULTI_PRIMARY,
        sizeLimit,
        cluster.topology().networkPattern(),
        members,
        others,
        inGroup);
  }

  private static String endpoint(Node node) {
    return node.address() + ":" + MySqlServer.PORT;
  }

  private static long transactionSizeLimit(Session session) throws MySqlException {
    return session
        .value("SELECT @@GLOBAL.group_replication_transaction_size_limit")
        .map(Long::parseLong)
        .orElse(0L);
  }

  private InstanceFacts facts(Node node, Session session) throws IOException {
    Optional<String> xPort =
        session.value(
            "SELECT v.VARIABLE_VALUE FROM performance_schema.global_variables v JOIN"
                + " information_schema.PLUGINS p ON p.PLUGIN_NAME = 'mysqlx' AND p.PLUGIN_STATUS ="
                + " 'ACTIVE' WHERE v.VARIABLE_NAME = 'mysqlx_port'");
    return new InstanceFacts(
        node.name().value(),
        session.value("SELECT @@server_uuid").orElse(""),
        endpoint(node),
        xPort.map(port -> node.address() + ":" + port),
        MyCnf.groupAddress(cluster.topology(), node),
        node.serverId(),
        cluster.recovery(node).user(),
        cluster.topology().networkPattern());
  }
}
