package dev.clusterctl.topology;

import dev.clusterctl.dialect.Catalog;
import dev.clusterctl.dialect.PackageFiles;
import dev.clusterctl.dialect.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes the topology of a file in which no mistake was found, completing it with defaults. */
final class TopologyBuilder {
  static final int SPLIT_PORT = 6450;

  private final Section root;
  private final Path file;

  TopologyBuilder(Section root, Path file) {
    this.root = root;
    this.file = file.toAbsolutePath();
  }

  Topology build() {
    String name = required(root.text("name"));
    Machines machines = machines(required(root.section("machines")));
    MySql mysql = mysql(required(root.section("mysql")), machines);
    List<Node> nodes = nodes(machines);
    Replication replication = replication(name, nodes);
    Optional<Proxy> proxy =
        root.section("proxy").map(p -> proxy(p, machines, mysql, replication, nodes.size()));
    List<Database> databases = root.sections("databases").stream().map(this::database).toList();
    return new Topology(
        file, name, machines, mysql, replication, nodes, proxy, databases, downloads());
  }

  private Downloads downloads() {
    Section section = root.sectionOrEmpty("downloads");
    return new Downloads(
        section.text("directory").map(this::path), section.text("ca-file").map(this::path));
  }

  private static Machines machines(Section section) {
    return new Machines(
        constant(Machines.Provider.class, required(section.text("provider"))),
        constant(Machines.Backend.class, required(section.text("backend"))),
        OperatingSystem.of(required(section.text("os"))).orElseThrow(),
        section.text("box"),
        section.text("image"),
        number(section, "memory"),
        number(section, "subnet-prefix"),
        section.text("mirror"));
  }

  private static MySql mysql(Section section, Machines machines) {
    String version = required(section.text("version"));
    ServerVersion resolved = Catalog.resolve(version).version().orElseThrow();
    Packages packages =
        withFiles(packages(section).orElseThrow(), PackageFiles.server(resolved, machines.os()));
    return new MySql(resolved, Catalog.isSeries(version), packages, options(section));
  }

  /** The packages with the files that clusterctl knows, where the file names none. */
  private static Packages withFiles(Packages packages, List<Packages.Deb> known) {
    return packages.source() == Packages.Source.DEBS && packages.debs().isEmpty()
        ? new Packages(packages.source(), known)
        : packages;
  }

  /** The packages the section names; empty where it names none and there is no standard. */
  static Optional<Packages> packages(Section section) {
    Optional<Section> given = section.section("packages");
    if (given.isPresent()) {
      return given.map(
          s ->
              new Packages(
                  Packages.Source.DEBS,
                  s.sections("debs").stream().map(TopologyBuilder::deb).toList()));
    }
    return section
        .text("packages")
        .map(word -> new Packages(constant(Packages.Source.class, word), List.of()));
  }

  static Packages.Deb deb(Section section) {
    List<String> urls = new ArrayList<>();
    section.text("url").ifPresent(urls::add);
    section.texts("urls").forEach(url -> urls.add(url.value()));
    return new Packages.Deb(urls, section.text("sha256"));
  }

  private Replication replication(String clusterName, List<Node> nodes) {
    Section section = root.sectionOrEmpty("replication");
    Replication.Type type = constant(Replication.Type.class, required(section.text("type")));
    return new Replication(
        type,
        constant(Replication.Mode.class, required(section.text("mode"))),
        section.text("group-name").map(UUID::fromString).orElseGet(() -> groupName(clusterName)),
        failover(section.sectionOrEmpty("failover")),
        type == Replication.Type.SOURCE_REPLICA
            ? Optional.of(sourceReplica(section, nodes))
            : Optional.empty());
  }

  private static Replication.SourceReplica sourceReplica(Section section, List<Node> nodes) {
    return new Replication.SourceReplica(
        section.text("source").map(NodeName::new).orElseGet(() -> nodes.get(0).name()),
        constant(Replication.Seeding.class, required(section.text("seeding"))),
        section.flag("semi-sync"));
  }

  /** Stable, so that the same file always means the same group. */
  private static UUID groupName(String clusterName) {
    return UUID.nameUUIDFromBytes(
        ("clusterctl group " + clusterName).getBytes(StandardCharsets.UTF_8));
  }

  private static Replication.Failover failover(Section section) {
    return new Replication.Failover(
        optionalNumber(section, "member-expel-timeout"),
        section
            .text("exit-state-action")
            .map(word -> constant(Replication.ExitStateAction.class, word)),
        section.text("consistency").map(word -> constant(Replication.Consistency.class, word)),
        optionalNumber(section, "autorejoin-tries"),
        optionalNumber(section, "unreachable-majority-timeout"),
        section
            .text("communication-stack")
            .map(word -> constant(Replication.CommunicationStack.class, word)));
  }

  private List<Node> nodes(Machines machines) {
    List<Node> nodes = new ArrayList<>();
    for (Section section : root.sections("nodes")) {
      Machine machine = machine(section, machines);
      nodes.add(
          new Node(
              machine,
              // Of the address, not of the place in the list: it stays when another node goes.
              section
                  .whole("server-id")
                  .orElseGet(() -> machine.address().hostPart(machines.subnetPrefix())),
              options(section)));
    }
    return nodes;
  }

  private Machine machine(Section section, Machines machines) {
    IpAddress address = new IpAddress(required(section.text("address")));
    return new Machine(
        new NodeName(required(section.text("name"))),
        address,
        optionalNumber(section, "memory").orElse(machines.memory()),
        section.section("ssh").map(ssh -> ssh(ssh, address)));
  }

  private SshTarget ssh(Section section, IpAddress address) {
    return new SshTarget(
        section.text("host").orElse(address.value()),
        number(section, "port"),
        required(section.text("user")),
        path(required(section.text("identity-file"))),
        section.text("host-key"));
  }

  private Proxy proxy(
      Section section, Machines machines, MySql mysql, Replication replication, int nodes) {
    Machine machine = machine(section, machines);
    String version =
        section.text("version").orElseGet(() -> Catalog.routerSeriesFor(mysql.version()));
    Packages packages = packages(section).orElseGet(() -> defaultProxyPackages(section, mysql));
    if (isRouter(section)) {
      Section ports = section.sectionOrEmpty("ports");
      return new Proxy.Router(
          machine,
          version,
          packages,
          number(ports, "read-write"),
          number(ports, "read-only"),
          replication.isInnodbCluster()
              ? Optional.of(following(section, ports, version, machines))
              : Optional.empty());
    }
    Section groups = section.sectionOrEmpty("hostgroups");
    return new Proxy.ProxySql(
        machine,
        version,
        withFiles(packages, PackageFiles.proxySql(version, machines.os())),
        number(section, "port"),
        number(section, "admin-port"),
        new Proxy.HostGroups(
            number(groups, "writer"),
            number(groups, "backup-writer"),
            number(groups, "reader"),
            number(groups, "offline")),
        optionalNumber(section, "max-writers")
            .orElse(replication.mode() == Replication.Mode.MULTI_PRIMARY ? nodes : 1),
        section.flag("writer-is-also-reader"),
        number(section, "max-transactions-behind"),
        section.flag("read-write-split"));
  }

  private Proxy.Following following(
      Section proxy, Section ports, String version, Machines machines) {
    boolean splits = Catalog.routerSplits(Catalog.seriesOf(version));
    return new Proxy.Following(
        splits
            ? Optional.of(optionalNumber(ports, "read-write-split").orElse(SPLIT_PORT))
            : Optional.empty(),
        number(ports, "rest"),
        options(proxy),
        proxy.sections("more").stream().map(m -> machine(m, machines)).toList());
  }

  static boolean isRouter(Section proxy) {
    return proxy.text("type").filter("mysql-router"::equals).isPresent();
  }

  /** Router comes from where the server comes from; ProxySQL is in no distribution. */
  private static Packages defaultProxyPackages(Section proxy, MySql mysql) {
    return new Packages(
        isRouter(proxy) ? mysql.packages().source() : Packages.Source.DEBS, List.of());
  }

  private Database database(Section section) {
    return new Database(
        required(section.text("name")),
        required(section.text("user")),
        section
            .text("password")
            .map(text -> SecretText.parse(text, this::path).orElseThrow())
            .orElseGet(SecretRef.Generated::new),
        section.text("character-set"),
        section.text("load").map(this::path));
  }

  private static Map<String, String> options(Section section) {
    Map<String, String> options = new LinkedHashMap<>();
    section.options("options").forEach((name, value) -> options.put(name, value.value()));
    return options;
  }

  /** {@code ~} is the home directory; a relative path starts from the file's directory. */
  private Path path(String text) {
    if (text.equals("~") || text.startsWith("~/")) {
      return Path.of(System.getProperty("user.home"), text.substring(1)).normalize();
    }
    return file.resolveSibling(text).normalize();
  }

  static <E extends Enum<E>> E constant(Class<E> type, String label) {
    return Enum.valueOf(type, label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static int number(Section section, String key) {
    return Math.toIntExact(required(section.whole(key)));
  }

  private static Optional<Integer> optionalNumber(Section section, String key) {
    return section.whole(key).map(Math::toIntExact);
  }

  private static <T> T required(Optional<T> value) {
    return value.orElseThrow(() -> new IllegalStateException("built from a file with mistakes"));
  }
}
