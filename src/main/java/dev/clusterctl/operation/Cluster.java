package dev.clusterctl.operation;

import dev.clusterctl.dialect.Dialect;
import dev.clusterctl.dialect.Feature;
import dev.clusterctl.dialect.ProxySqlDialect;
import dev.clusterctl.download.PackageStore;
import dev.clusterctl.machine.MachineProvider;
import dev.clusterctl.machine.Providers;
import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.mysql.GroupReplication;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Quoting;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.mysql.SourceReplication;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A topology with the means to reach what it describes: its machines over SSH, its servers through
 * them, its passwords. Connects to a machine when somebody first needs it. For many threads.
 */
public final class Cluster implements AutoCloseable {
  /** How long an ordinary statement may take. */
  public static final Duration STATEMENT = Duration.ofSeconds(30);

  private final Topology topology;
  private final StateDirectory state;
  private final Secrets secrets;
  private final MachineProvider provider;
  private final PackageStore packageStore;
  private final Map<NodeName, Remote> remotes = new ConcurrentHashMap<>();
  private final Map<NodeName, Installation> installations = new ConcurrentHashMap<>();
  private final JoinQueue joins = new JoinQueue();

  public Cluster(Topology topology, StateDirectory state, Map<String, String> environment)
      throws IOException {
    this.topology = topology;
    this.state = state;
    this.secrets = new Secrets(state.secrets(), environment);
    this.provider = Providers.of(topology, state.root());
    this.packageStore =
        new PackageStore(topology.downloads(), topology.packageLockFile(), environment);
  }

  private Cluster(Topology topology, Cluster like) throws IOException {
    this.topology = topology;
    this.state = like.state;
    this.secrets = like.secrets;
    this.provider = Providers.of(topology, state.root());
    this.packageStore = like.packageStore;
  }

  /** The same cluster with another topology, such as the one that it had before. To be closed. */
  Cluster with(Topology other) throws IOException {
    return new Cluster(other, this);
  }

  public Topology topology() {
    return topology;
  }

  public StateDirectory state() {
    return state;
  }

  public MachineProvider provider() {
    return provider;
  }

  /** The package files that machines are given. */
  public PackageStore packageStore() {
    return packageStore;
  }

  /** A machine over SSH; connects when it is first used. */
  public Remote remote(NodeName machine) {
    return remotes.computeIfAbsent(machine, provider::remote);
  }

  /** The server program on a node. */
  public Installation installation(NodeName node) throws IOException {
    Installation known = installations.get(node);
    if (known == null) {
      known = Installation.find(remote(node), topology.mysql());
      installations.put(node, known);
    }
    return known;
  }

  /** The server on a node. */
  public MySqlServer server(Node node) {
    return new MySqlServer(node.name().value(), remote(node.name()), node.address());
  }

  /**
   * A session of clusterctl's own account on a server that no node of the file is, by way of one
   * that is: its account there is open to every machine that was in the file.
   */
  public Session foreign(Node through, String name, IpAddress address) throws IOException {
    return new MySqlServer(name, remote(through.name()), address)
        .open(administration(), MySqlServer.Tls.REQUIRED, STATEMENT);
  }

  /** A session of clusterctl's own account on a node's server. */
  public Session admin(Node node) throws IOException {
    return admin(node, STATEMENT);
  }

  /**
   * A session of clusterctl's own account on a node's server.
   *
   * @param answerWithin how long a statement may take; zero: for ever
   */
  public Session admin(Node node, Duration answerWithin) throws IOException {
    return server(node).open(administration(), MySqlServer.Tls.OFF, answerWithin);
  }

  /** How the nodes replicate, to be asked and told. */
  public ReplicationDriver driver() {
    return topology.replication().hasGroup() ? new GroupDriver(this) : new SourceDriver(this);
  }

  /** Where nodes wait that are to join the group. */
  JoinQueue joins() {
    return joins;
  }

  /** The name of the node that has an address, or else the address itself. */
  String nameOf(String address) {
    return topology.nodes().stream()
        .filter(node -> node.address().value().equals(address))
        .map(node -> node.name().value())
        .findFirst()
        .orElse(address);
  }

  /** Replication from a source on a node, through a session of that node. */
  public SourceReplication replication(Session session) throws MySqlException {
    return new SourceReplication(session, session.version());
  }

  /** Group Replication on a node, through a session of that node. */
  public GroupReplication group(Session session) throws MySqlException {
    return new GroupReplication(session, session.version());
  }

  /** What a session needs to be asked as. */
  public Credentials administration() throws IOException {
    return new Credentials("clusterctl", secrets.generated("clusterctl"));
  }

  /** The account with which replicas read from their source, and members of a group recover. */
  public Credentials recovery() throws IOException {
    return new Credentials("clusterctl_repl", secrets.generated("clusterctl_repl"));
  }

  /**
   * The account with which a node recovers: in an InnoDB Cluster each has one of its own, by whose
   * name AdminAPI knows it.
   */
  public Credentials recovery(Node node) throws IOException {
    if (!topology.replication().isInnodbCluster()) {
      return recovery();
    }
    String user = Dialect.recoveryUser(node.serverId());
    return new Credentials(user, secrets.generated(user));
  }

  /** The account with which a person, or MySQL Shell, administers an InnoDB Cluster. */
  public Credentials clusterAdministration() throws IOException {
    return new Credentials("clusteradmin", secrets.generated("clusteradmin"));
  }

  /** The account with which MySQL Router reads the metadata of an InnoDB Cluster. */
  public Credentials router() throws IOException {
    return new Credentials("clusterctl_router", secrets.generated("clusterctl_router"));
  }

  /** The account that may ask MySQL Router's REST API. */
  public Credentials routerApi() throws IOException {
    return new Credentials("clusterctl", secrets.generated("router_api"));
  }

  /** The account that ProxySQL watches the servers with, and clusterctl what MySQL Router does. */
  public Credentials monitor() throws IOException {
    return new Credentials("clusterctl_monitor", secrets.generated("clusterctl_monitor"));
  }

  /** ProxySQL's own administration account. */
  public Credentials proxyAdministration() throws IOException {
    return new Credentials("admin", secrets.generated("proxysql_admin"));
  }

  /** A password for an account that is there for a moment only; kept nowhere. */
  public String momentaryPassword() {
    return secrets.random();
  }

  /** A database's application account. */
  public Credentials application(Database database) throws IOException {
    return new Credentials(
        database.user(), secrets.resolve("user " + database.user(), database.password()));
  }

  /** The accounts that every server has before it is in a group. */
  public List<Account> localAccounts() throws IOException {
    List<IpAddress> nodes = topology.nodes().stream().map(Node::address).toList();
    List<Account> accounts = new ArrayList<>();
    accounts.add(Account.administration(administration(), nodes));
    if (topology.replication().isInnodbCluster()) {
      for (Node node : topology.nodes()) {
        accounts.add(
            Account.clusterRecovery(
                recovery(node), topology.networkPattern(), topology.mysql().version()));
      }
    } else {
      accounts.add(
          topology.replication().hasGroup()
              ? Account.recovery(recovery(), nodes, topology.mysql().version())
              : Account.replication(recovery(), nodes, topology.mysql().version()));
    }
    return List.copyOf(accounts);
  }

  /** The accounts that come through the group: the applications', and ProxySQL's monitor. */
  public List<Account> groupAccounts() throws IOException {
    List<Account> accounts = new ArrayList<>();
    Set<String> users = new LinkedHashSet<>();
    for (Database database : topology.databases()) {
      users.add(database.user());
    }
    for (String user : users) {
      List<Database> own =
          topology.databases().stream().filter(d -> d.user().equals(user)).toList();
      accounts.add(
          new Account(
              application(own.get(0)),
              clientHosts(),
              false,
              own.stream()
                  .map(
                      d ->
                          new Account.Grant(
                              "ALL PRIVILEGES", Quoting.grantSchema(d.name()) + ".*", false))
                  .toList()));
    }
    if (topology.replication().isInnodbCluster()) {
      accounts.addAll(clusterAccounts());
    }
    if (topology.proxy().orElse(null) instanceof Proxy.ProxySql proxy) {
      accounts.add(
          new Account(
              monitor(),
              List.of(proxy.address().value()),
              false,
              ProxySqlDialect.MONITOR_RIGHTS.entrySet().stream()
                  .map(right -> new Account.Grant(right.getValue(), right.getKey(), false))
                  .toList()));
    }
    return accounts;
  }

  /** What an InnoDB Cluster has beyond a group: who administers it, and who routes to it. */
  private List<Account> clusterAccounts() throws IOException {
    List<Account> accounts = new ArrayList<>();
    Dialect dialect = Dialect.of(topology.mysql().version());
    accounts.add(
        new Account(
            clusterAdministration(),
            List.of(topology.networkPattern()),
            false,
            dialect.clusterAdministration().stream()
                .map(r -> new Account.Grant(r.privileges(), r.on(), true))
                .toList()));
    List<String> routers = topology.proxies().stream().map(p -> p.address().value()).toList();
    if (!routers.isEmpty()) {
      accounts.add(new Account(router(), routers, true, RouterGrants.running(dialect)));
      accounts.add(new Account(monitor(), routers, false, RouterGrants.MONITOR));
    }
    return accounts;
  }

  /** Whether clients of today can speak TLS to what they connect to; ProxySQL is set up without. */
  public boolean clientsUseTls() {
    return Dialect.of(topology.mysql().version()).has(Feature.TLS_FOR_CURRENT_CLIENTS)
        && !(topology.proxy().orElse(null) instanceof Proxy.ProxySql);
  }

  /** Where applications come from: the proxies; without one, the machines' own network. */
  private List<String> clientHosts() {
    return topology.proxy().isEmpty()
        ? List.of(topology.networkPattern())
        : topology.proxies().stream().map(p -> p.address().value()).toList();
  }

  /** Whether a server refuses an account, as opposed to not answering. */
  static boolean refused(IOException e) {
    return e instanceof MySqlException m && m.code() == MySqlException.ACCESS_DENIED;
  }

  @Override
  public void close() {
    remotes.values().forEach(Remote::close);
  }
}
