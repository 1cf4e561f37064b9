package dev.clusterctl.operation;

import dev.clusterctl.load.Analysis;
import dev.clusterctl.load.Destination;
import dev.clusterctl.load.DumpAnalyzer;
import dev.clusterctl.load.DumpFile;
import dev.clusterctl.load.LoadException;
import dev.clusterctl.load.LoadOptions;
import dev.clusterctl.load.LoadRecord;
import dev.clusterctl.load.LoadResult;
import dev.clusterctl.load.Loader;
import dev.clusterctl.load.Target;
import dev.clusterctl.mysql.Account;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.mysql.MySqlServer;
import dev.clusterctl.mysql.Session;
import dev.clusterctl.topology.Database;
import dev.clusterctl.topology.Node;
import dev.clusterctl.topology.Proxy;
import dev.clusterctl.topology.Replication;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Loads a dump into one of the cluster's databases: looks through it first, and goes on with what
 * was interrupted.
 */
public final class DataLoad {
  /** What ProxySQL lets through unless it is told otherwise (mysql-max_allowed_packet). */
  private static final long PROXYSQL_PACKET = 64L << 20;

  private final Cluster cluster;
  private final Request request;
  private final DumpFile file;
  private Optional<Loader> loader = Optional.empty();

  /** The way in. */
  public sealed interface Way {
    /** As the application, through the proxy; without a proxy to a node that takes writes. */
    record Application() implements Way {}

    /** As administration, to one node, through its machine. */
    record OneNode(Node node) implements Way {}

    /** As administration, to whichever node takes writes. */
    record AnyWriter() implements Way {}
  }

  /** What is asked for. */
  public record Request(Database database, Path file, LoadOptions options, Way way) {}

  /** What there is to begin with. */
  public enum Begin {
    /** Nothing of this load is there. */
    NEW,
    /** An interrupted load is there, and is to be gone on with. */
    RESUME
  }

  public DataLoad(Cluster cluster, Request request) {
    this.cluster = cluster;
    this.request = request;
    this.file = new DumpFile(request.file());
  }

  public Request request() {
    return request;
  }

  /** How far an interrupted load of whatever dump into this database has come. */
  public Optional<LoadRecord> interrupted() throws IOException {
    try (Session session = cluster.admin(node())) {
      session.jdbc().setCatalog(request.database().name());
      return LoadRecord.read(session.jdbc());
    } catch (SQLException e) {
      throw new IOException("asking for the record of an interrupted load: " + e.getMessage(), e);
    }
  }

  /** The tables and views that are in the database. */
  public Set<String> tables() throws IOException {
    try (Session session = cluster.admin(node())) {
      return Destination.tables(session, request.database().name());
    }
  }

  /**
   * Reads the dump from end to end, and says whether it fits.
   *
   * @param progress told how far it is, in words
   */
  public Analysis analyze(Begin begin, Consumer<String> progress)
      throws IOException, InterruptedException {
    Destination destination = destination(begin);
    LoadMeter meter = new LoadMeter(file.size(), progress);
    return new DumpAnalyzer(file, destination, request.options()).analyze(meter::read);
  }

  /**
   * Loads it.
   *
   * @param progress told how far it is, in words
   * @throws LoadException where it can't go on; says what is loaded, and how to go on
   */
  public LoadResult load(Analysis analysis, Begin begin, Consumer<String> progress)
      throws IOException, InterruptedException {
    if (!analysis.fits()) {
      throw new LoadException(
          "%s doesn't fit: %d errors, the first: %s"
              .formatted(
                  file.path(),
                  analysis.errors(),
                  analysis.findings().stream()
                      .filter(f -> f.severity() == dev.clusterctl.load.Finding.Severity.ERROR)
                      .findFirst()
                      .orElseThrow()
                      .line(file.name())),
          "clusterctl load --check %s %s shows them all"
              .formatted(request.database().name(), file.path()));
    }
    LoadMeter meter = new LoadMeter(analysis.totals().bytes(), progress);
    Loader running =
        new Loader(file, analysis, destination(begin), request.options(), target(), meter::loaded);
    loader = Optional.of(running);
    return begin == Begin.RESUME ? running.goOn() : running.fromStart();
  }

  /** The line of the last statement that is committed; 0: none is. */
  public long lastLine() {
    return loader.map(Loader::lastLine).orElse(0L);
  }

  /** What the dump is to fit. */
  private Destination destination(Begin begin) throws IOException {
    Node node = node();
    try (Session session = cluster.admin(node)) {
      if (session.value("SELECT @@GLOBAL.super_read_only").orElse("").equals("1")) {
        throw new MySqlException(
            node.name() + " takes no writes", 0, "clusterctl status says which node does", null);
      }
      Destination destination =
          Destination.read(
              session,
              new Destination.Entrance(
                  request.database().name(),
                  owner(),
                  isAdministration(),
                  cluster.topology().replication().mode() == Replication.Mode.MULTI_PRIMARY,
                  isThroughProxySql() ? PROXYSQL_PACKET : Integer.MAX_VALUE));
      return begin == Begin.RESUME ? destination.withoutTables() : destination;
    }
  }

  private boolean isAdministration() {
    return !(request.way() instanceof Way.Application);
  }

  private boolean isThroughProxySql() {
    return !isAdministration()
        && cluster.topology().proxy().filter(p -> p instanceof Proxy.ProxySql).isPresent();
  }

  /** The node that is asked, and loaded into where there is no proxy. */
  private Node node() throws IOException {
    return request.way() instanceof Way.OneNode one ? one.node() : cluster.driver().requireWriter();
  }

  /** The application's account, with the first host that it may come from. */
  private String owner() throws IOException {
    String user = request.database().user();
    return cluster.groupAccounts().stream()
        .filter(a -> a.user().equals(user))
        .map(Account::hosts)
        .map(hosts -> user + "@" + hosts.get(0))
        .findFirst()
        .orElseThrow(() -> new IOException("no account " + user));
  }

  /**
   * Always through a machine's SSH connection: the way is encrypted, which it isn't to ProxySQL,
   * and open wherever clusterctl runs.
   */
  private Target target() throws IOException {
    String schema = request.database().name();
    if (isAdministration()) {
      return new Target(this::portOfNode, cluster.administration(), schema, false);
    }
    Optional<Proxy> proxy = cluster.topology().proxy();
    return new Target(
        proxy.isPresent() ? () -> portOf(proxy.get()) : this::portOfNode,
        cluster.application(request.database()),
        schema,
        cluster.clientsUseTls());
  }

  private int portOf(Proxy proxy) throws IOException {
    return cluster.remote(proxy.name()).tunnel(proxy.address().value(), proxy.writePort());
  }

  private int portOfNode() throws IOException {
    Node node = node();
    return cluster.remote(node.name()).tunnel(node.address().value(), MySqlServer.PORT);
  }
}
