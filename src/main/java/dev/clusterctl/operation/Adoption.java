package dev.clusterctl.operation;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.clusterctl.dialect.Catalog;
import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.ServerOption;
import dev.clusterctl.dialect.ServerVersion;
import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.mysql.GroupMember;
import dev.clusterctl.mysql.GroupReplication;
import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Row;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.metadata.ClusterRow;
import dev.clusterctl.mysql.metadata.InstanceRow;
import dev.clusterctl.mysql.metadata.Metadata;
import dev.clusterctl.mysql.metadata.MetadataContents;
import dev.clusterctl.mysql.metadata.RouterRow;
import dev.clusterctl.topology.AdoptedFile;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.OperatingSystem;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads an InnoDB Cluster that somebody else built, with MySQL Shell mostly, so that it can be
 * looked after by clusterctl. Connects to its members directly, and changes nothing.
 */
public final class Adoption {
  private static final int WRITE_PORT = 6446;
  private static final int READ_PORT = 6447;

  private static final List<ServerOption> FAILOVER =
      List.of(
          ServerOption.GROUP_REPLICATION_MEMBER_EXPEL_TIMEOUT,
          ServerOption.GROUP_REPLICATION_EXIT_STATE_ACTION,
          ServerOption.GROUP_REPLICATION_CONSISTENCY,
          ServerOption.GROUP_REPLICATION_AUTOREJOIN_TRIES,
          ServerOption.GROUP_REPLICATION_UNREACHABLE_MAJORITY_TIMEOUT,
          ServerOption.GROUP_REPLICATION_COMMUNICATION_STACK);

  /** What a server can't be given anew without harm, or was sized by hand. */
  private static final List<String> KEPT =
      List.of("innodb_buffer_pool_size", "lower_case_table_names", "max_connections");

  private final Credentials account;
  private final String sshUser;
  private final String identityFile;
  private final Set<String> taken = new HashSet<>();

  /**
   * @param account may read everything, such as AdminAPI's cluster administrator
   * @param sshUser for the file: with whom clusterctl is to log in later
   */
  public Adoption(Credentials account, String sshUser, String identityFile) {
    this.account = account;
    this.sshUser = sshUser;
    this.identityFile = identityFile;
  }

  /**
   * Reads the cluster that a server belongs to.
   *
   * @throws IOException if a member can't be asked, or the server is in no InnoDB Cluster
   */
  public AdoptedFile read(String host, int port) throws IOException {
    try (Session session = open(host, port)) {
      MetadataContents metadata = new Metadata(session).read();
      String group = value(session, "SELECT @@GLOBAL.group_replication_group_name");
      ClusterRow cluster =
          metadata
              .cluster(group)
              .orElseThrow(
                  () ->
                      new MySqlException(
                          host + " has no metadata of an InnoDB Cluster",
                          0,
                          "name a member of one; a group without metadata needs none: write a"
                              + " cluster.yaml with replication.type group",
                          null));
      ServerVersion version = version(session);
      List<GroupMember> members = new GroupReplication(session, version).members();
      GtidSet executed = GtidSet.parse(value(session, "SELECT @@GLOBAL.gtid_executed"));
      return new AdoptedFile(
          name(cluster.name()),
          version,
          os(value(session, "SELECT @@version")),
          cluster.multiPrimary(),
          UUID.fromString(group),
          failover(session, version),
          kept(session),
          nodes(members, metadata),
          routers(metadata, cluster),
          schemas(session),
          sshUser,
          identityFile,
          notes(metadata, cluster, members, executed));
    }
  }

  private Session open(String host, int port) throws MySqlException {
    return MySqlServer.direct(host, port, account, Cluster.STATEMENT);
  }

  private static String value(Session session, String sql) throws MySqlException {
    return session.value(sql).orElse("");
  }

  private static ServerVersion version(Session session) throws MySqlException {
    String text = value(session, "SELECT @@version");
    ServerVersion version =
        ServerVersion.parse(text)
            .orElseThrow(() -> new MySqlException("what version is " + text + "?", 0, "", null));
    Catalog.Resolution known = Catalog.resolve(version.toString());
    if (known.version().isEmpty()) {
      throw new MySqlException(known.complaint(), 0, "", null);
    }
    return version;
  }

  /** Packages of distributions carry its name in their version: 8.0.36-0ubuntu0.22.04.1. */
  private static Optional<OperatingSystem> os(String version) {
    for (OperatingSystem os : OperatingSystem.values()) {
      String release = os.label().substring(os.label().indexOf('-') + 1);
      if (version.contains(os.family() + "0." + release)) {
        return Optional.of(os);
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> failover(Session session, ServerVersion version)
      throws MySqlException {
    Map<String, String> result = new LinkedHashMap<>();
    for (ServerOption option : FAILOVER) {
      if (Dialect.of(version).has(option)) {
        String value = value(session, "SELECT @@GLOBAL." + option.spelling());
        result.put(
            option.spelling().substring("group_replication_".length()).replace('_', '-'),
            value.toLowerCase(Locale.ROOT).replace('_', '-'));
      }
    }
    return result;
  }

  private static Map<String, String> kept(Session session) throws MySqlException {
    Map<String, String> result = new LinkedHashMap<>();
    for (String option : KEPT) {
      result.put(option, value(session, "SELECT @@GLOBAL." + option));
    }
    return result;
  }

  private List<AdoptedFile.Member> nodes(List<GroupMember> members, MetadataContents metadata)
      throws IOException {
    List<AdoptedFile.Member> nodes = new ArrayList<>();
    for (GroupMember member : members) {
      Optional<InstanceRow> row =
          metadata.instances().stream().filter(r -> r.uuid().equals(member.uuid())).findFirst();
      try (Session session = open(member.host(), member.port())) {
        String hostname = value(session, "SELECT @@hostname");
        String label = row.map(InstanceRow::label).orElse("").replaceFirst(":.*", "");
        nodes.add(
            new AdoptedFile.Member(
                machineName(IpAddress.isValid(label) ? hostname : label, hostname, "db"),
                address(member.host()),
                Long.parseLong(value(session, "SELECT @@GLOBAL.server_id"))));
      }
    }
    return nodes;
  }

  private List<AdoptedFile.Router> routers(MetadataContents metadata, ClusterRow cluster)
      throws IOException {
    List<AdoptedFile.Router> routers = new ArrayList<>();
    for (RouterRow row : metadata.routers()) {
      if (row.clusterId().isEmpty() || row.clusterId().equals(cluster.id())) {
        Map<String, Object> attributes =
            row.attributes().isEmpty() ? Map.of() : JSON.std.mapFrom(row.attributes());
        routers.add(
            new AdoptedFile.Router(
                machineName(
                    IpAddress.isValid(row.address()) ? row.name() : row.address(),
                    row.name(),
                    "router"),
                address(row.address()),
                row.version(),
                port(attributes, "RWEndpoint").orElse(WRITE_PORT),
                port(attributes, "ROEndpoint").orElse(READ_PORT),
                port(attributes, "RWSplitEndpoint")));
      }
    }
    return routers;
  }

  private static Optional<Integer> port(Map<String, Object> attributes, String name) {
    return Optional.ofNullable(attributes.get(name))
        .map(String::valueOf)
        .filter(text -> text.matches("[1-9][0-9]{0,4}"))
        .map(Integer::valueOf);
  }

  /** The first label of a host name, as cluster.yaml takes it; each machine's is its own. */
  private NodeName machineName(String first, String second, String otherwise) {
    for (String candidate : List.of(first, second)) {
      String label = candidate.replaceFirst("\\..*", "").toLowerCase(Locale.ROOT);
      if (NodeName.isValid(label) && taken.add(label)) {
        return new NodeName(label);
      }
    }
    int number = 1;
    while (!taken.add(otherwise + number)) {
      number++;
    }
    return new NodeName(otherwise + number);
  }

  private static IpAddress address(String host) throws IOException {
    if (IpAddress.isValid(host)) {
      return new IpAddress(host);
    }
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (address instanceof Inet4Address) {
          return new IpAddress(address.getHostAddress());
        }
      }
    } catch (UnknownHostException e) {
      throw new MySqlException(
          host + ": this machine doesn't know its address",
          0,
          "add it to /etc/hosts here, as the members know it",
          e);
    }
    throw new MySqlException(host + " has no IPv4 address", 0, "clusterctl needs one", null);
  }

  private static List<String> schemas(Session session) throws MySqlException {
    List<String> schemas = new ArrayList<>();
    for (Row row :
        session.query(
            "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN"
                + " ('mysql', 'sys', 'information_schema', 'performance_schema', 'clusterctl') AND"
                + " SCHEMA_NAME NOT LIKE 'mysql\\_innodb\\_cluster\\_metadata%' ORDER BY 1")) {
      schemas.add(row.text("name"));
    }
    return schemas;
  }

  private static String name(String cluster) {
    String name =
        cluster
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9-]", "-")
            .replaceAll("^[^a-z]+|-+$", "");
    return NodeName.isValid(name) ? name : "adopted";
  }

  private static List<String> notes(
      MetadataContents metadata, ClusterRow cluster, List<GroupMember> members, GtidSet executed) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "It is the InnoDB Cluster \"%s\", with metadata of version %s."
            .formatted(cluster.name(), metadata.versionText()));
    notes.add("It has executed %d transactions: %s".formatted(executed.count(), executed));
    for (GroupMember member : members) {
      Optional<InstanceRow> row =
          metadata.instances().stream().filter(r -> r.uuid().equals(member.uuid())).findFirst();
      notes.add(
          row.map(
                  r ->
                      "%s:%d is %s, and recovers as %s@%s."
                          .formatted(
                              member.host(),
                              member.port(),
                              member.state(),
                              r.recoveryUser(),
                              r.recoveryHost()))
              .orElse(
                  "%s:%d is a member of the group that the metadata doesn't know."
                      .formatted(member.host(), member.port())));
    }
    metadata.instances().stream()
        .filter(r -> members.stream().noneMatch(m -> m.uuid().equals(r.uuid())))
        .forEach(
            r ->
                notes.add(
                    "check: %s (%s) is noted in the metadata, but isn't in the group now."
                        .formatted(r.label(), r.endpoint())));
    return notes;
  }
}
