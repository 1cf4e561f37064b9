package dev.clusterctl.topology;

import dev.clusterctl.dialect.ProxySqlCompatibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The machine that clients connect to. */
public sealed interface Proxy {

  Machine machine();

  /** Version of the proxy software as the file gives it: a series ({@code 9.7}) or exact. */
  String version();

  Packages packages();

  /** Port at which clients write, 1 to 65535. */
  int writePort();

  /**
   * Port at which clients that only read connect; the same as {@link #writePort()} for ProxySQL.
   */
  int readPort();

  /** Every machine that this proxy runs on, side by side; at least one. */
  default List<Machine> machines() {
    return List.of(machine());
  }

  default NodeName name() {
    return machine().name();
  }

  default IpAddress address() {
    return machine().address();
  }

  /**
   * ProxySQL in front of the group.
   *
   * @param port where clients connect, 6033 unless the file says otherwise
   * @param adminPort the admin interface, 6032 unless the file says otherwise
   * @param maxWriters most servers in the writer hostgroup at a time, 1 or more
   * @param maxTransactionsBehind a server with a longer applier queue is shunned; 0 or more
   * @param readWriteSplit whether SELECTs (but not SELECT … FOR UPDATE) go to the reader hostgroup
   */
  record ProxySql(
      Machine machine,
      String version,
      Packages packages,
      int port,
      int adminPort,
      HostGroups hostgroups,
      int maxWriters,
      boolean writerIsAlsoReader,
      int maxTransactionsBehind,
      boolean readWriteSplit)
      implements Proxy {
    @Override
    public int writePort() {
      return port;
    }

    @Override
    public int readPort() {
      return port;
    }

    /** What a ProxySQL of this version can do with such servers. */
    public ProxySqlCompatibility.Verdict verdict(MySql mysql) {
      return ProxySqlCompatibility.of(
          ProxySqlCompatibility.version(version).orElseThrow(),
          mysql.version(),
          mysql.hasNativePasswords());
    }
  }

  /** ProxySQL's hostgroup numbers, 0 or more, all four different. */
  record HostGroups(int writer, int backupWriter, int reader, int offline) {}

  /**
   * MySQL Router.
   *
   * @param following how it follows an InnoDB Cluster; empty where its routes are fixed
   */
  record Router(
      Machine machine,
      String version,
      Packages packages,
      int writePort,
      int readPort,
      Optional<Following> following)
      implements Proxy {

    @Override
    public List<Machine> machines() {
      List<Machine> all = new ArrayList<>(List.of(machine));
      following.ifPresent(f -> all.addAll(f.more()));
      return List.copyOf(all);
    }

    /** The same Router on one of its {@link #machines()}. */
    Router on(Machine one) {
      return new Router(one, version, packages, writePort, readPort, following);
    }
  }

  /**
   * A Router that reads the metadata of an InnoDB Cluster, and follows its primary.
   *
   * @param splitPort port at which statements are sent to the primary or a secondary by what they
   *     do; empty where this Router can't
   * @param restPort port of its REST API, on its own machine only
   * @param options further settings by {@code section.name}, see {@link RouterOptions}
   * @param more further machines with the same Router
   */
  record Following(
      Optional<Integer> splitPort, int restPort, Map<String, String> options, List<Machine> more) {
    public Following {
      more = List.copyOf(more);
    }
  }
}
