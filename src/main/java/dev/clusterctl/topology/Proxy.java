package dev.clusterctl.topology;

import dev.clusterctl.dialect.ProxySqlCompatibility;

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

  /** MySQL Router. */
  record Router(Machine machine, String version, Packages packages, int writePort, int readPort)
      implements Proxy {}
}
