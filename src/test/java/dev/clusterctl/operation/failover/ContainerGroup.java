package dev.clusterctl.operation.failover;

import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * A group of three servers in containers with systemd, built with as little as the fail-over test
 * needs, from an image with MySQL 9 and iptables.
 */
final class ContainerGroup implements AutoCloseable {
  static final String SCHEMA = "app";
  static final String PASSWORD = "only-for-this-test";
  private static final String NETWORK = "failover-e2e";
  private static final String SUBNET = "10.99.5.0/24";

  private final List<Integer> numbers = List.of(1, 2, 3);

  ContainerGroup(String image, boolean singlePrimary) throws IOException {
    close();
    host("docker", "network", "create", "--subnet", SUBNET, NETWORK);
    inParallel(i -> startMachine(image, i));
    inParallel(i -> configure(i, singlePrimary));
    sql(
        1,
        "SET GLOBAL group_replication_bootstrap_group=ON; START GROUP_REPLICATION;"
            + " SET GLOBAL group_replication_bootstrap_group=OFF;");
    inParallel(i -> i == 1 ? "" : sql(i, "START GROUP_REPLICATION"));
    sql(
        1,
        "CREATE DATABASE %1$s; CREATE USER app@'%%' IDENTIFIED BY '%2$s'; GRANT ALL ON %1$s.* TO app@'%%';"
            .formatted(SCHEMA, PASSWORD));
    inParallel(
        i ->
            new ContainerRemote(container(i))
                .check(
                    Command.shell(
                        "start with the service",
                        "echo 'loose-group_replication_start_on_boot=ON' >> /etc/mysql/mysql.conf.d/zz.cnf")));
  }

  List<NodeAccess> nodes() {
    return numbers.stream().map(i -> (NodeAccess) new Node(i)).toList();
  }

  ClientEndpoint clients(int firstNode) {
    return JdbcClientEndpoint.amongNodes(
        IntStream.range(0, 3)
            .mapToObj(
                i -> new JdbcClientEndpoint.Address(address((firstNode - 1 + i) % 3 + 1), 3306))
            .toList(),
        new JdbcClientEndpoint.Login("app", PASSWORD, SCHEMA, JdbcClientEndpoint.Tls.PREFERRED),
        JdbcClientEndpoint.Timeouts.DEFAULT);
  }

  @Override
  public void close() throws IOException {
    for (int i : numbers) {
      new ProcessBuilder("docker", "rm", "-f", "-v", container(i)).start().onExit().join();
    }
    new ProcessBuilder("docker", "network", "rm", NETWORK).start().onExit().join();
  }

  private String startMachine(String image, int i) throws IOException {
    boolean hybrid = new java.io.File("/sys/fs/cgroup/unified").isDirectory();
    return host(
        "docker",
        "run",
        "-d",
        "--name",
        container(i),
        "--hostname",
        "db" + i,
        "--network",
        NETWORK,
        "--ip",
        address(i),
        "--cap-add",
        "SYS_ADMIN",
        "--cap-add",
        "NET_ADMIN",
        "--security-opt",
        "seccomp=unconfined",
        "--cgroupns=" + (hybrid ? "host" : "private"),
        "-v",
        (hybrid ? "/sys/fs/cgroup/unified:" : "/sys/fs/cgroup:") + "/sys/fs/cgroup:rw",
        "--tmpfs",
        "/run",
        "--tmpfs",
        "/tmp",
        "-v",
        "/var/lib/mysql",
        "-e",
        "container=docker",
        image,
        "/sbin/init");
  }

  private String configure(int i, boolean singlePrimary) throws IOException {
    String seeds = "10.99.5.11:33061,10.99.5.12:33061,10.99.5.13:33061";
    String options =
        """
        [mysqld]
        server_id=%1$d
        bind-address=0.0.0.0
        report_host=%2$s
        super_read_only=ON
        innodb_buffer_pool_size=32M
        auto_increment_increment=7
        auto_increment_offset=%1$d
        plugin-load-add=group_replication.so
        loose-group_replication_group_name=82a56cf6-86d5-420a-bc67-386bc98e3c8b
        loose-group_replication_communication_stack=XCOM
        loose-group_replication_local_address=%2$s:33061
        loose-group_replication_group_seeds=%3$s
        loose-group_replication_ip_allowlist=10.99.5.0/24
        loose-group_replication_single_primary_mode=%4$s
        loose-group_replication_enforce_update_everywhere_checks=%5$s
        loose-group_replication_member_expel_timeout=0
        loose-group_replication_message_cache_size=134217728
        """
            .formatted(
                i, address(i), seeds, singlePrimary ? "ON" : "OFF", singlePrimary ? "OFF" : "ON");
    new ContainerRemote(container(i))
        .check(
            Command.shell(
                    "configure",
                    "set -e; cat > /etc/mysql/mysql.conf.d/zz.cnf;"
                        + " mkdir -p /etc/systemd/system/mysql.service.d;"
                        + " printf '[Service]\\nRestart=always\\n'"
                        + " > /etc/systemd/system/mysql.service.d/restart.conf;"
                        + " for n in $(seq 100); do [ -S /run/dbus/system_bus_socket ] && break; sleep 0.1; done;"
                        + " systemctl daemon-reload; systemctl stop mysql;"
                        + " rm -f /var/lib/mysql/auto.cnf; systemctl start mysql")
                .withStdin(options)
                .withTimeout(Duration.ofMinutes(2)));
    return sql(
        i,
        """
        SET GLOBAL super_read_only=OFF; SET sql_log_bin=0;
        CREATE USER repl@'%%' IDENTIFIED BY '%1$s' REQUIRE SSL;
        GRANT REPLICATION SLAVE, BACKUP_ADMIN, GROUP_REPLICATION_STREAM, CONNECTION_ADMIN ON *.* TO repl@'%%';
        CREATE USER admin@'%%' IDENTIFIED BY '%1$s'; GRANT ALL ON *.* TO admin@'%%' WITH GRANT OPTION;
        SET sql_log_bin=1;
        CHANGE REPLICATION SOURCE TO SOURCE_USER='repl', SOURCE_PASSWORD='%1$s'
          FOR CHANNEL 'group_replication_recovery';
        RESET BINARY LOGS AND GTIDS;
        """
            .formatted(PASSWORD));
  }

  private static String sql(int i, String statements) throws IOException {
    return new ContainerRemote(container(i))
        .check(
            Command.shell("SQL on db" + i, "mysql -uroot")
                .withStdin(statements)
                .withTimeout(Duration.ofMinutes(2)));
  }

  private static String container(int i) {
    return "failover-e2e-db" + i;
  }

  private static String address(int i) {
    return "10.99.5.1" + i;
  }

  private interface Work {
    String on(int number) throws IOException;
  }

  private void inParallel(Work work) {
    numbers.stream()
        .map(
            i ->
                CompletableFuture.runAsync(
                    () -> {
                      try {
                        work.on(i);
                      } catch (IOException e) {
                        throw new IllegalStateException(describe(e), e);
                      }
                    }))
        .toList()
        .forEach(CompletableFuture::join);
  }

  private static String describe(IOException e) {
    return e instanceof dev.clusterctl.remote.RemoteException r
        ? r.getMessage() + ": " + r.lastLines()
        : e.getMessage();
  }

  private static String host(String... words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes());
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(String.join(" ", words) + ": " + out);
    }
    return out;
  }

  private record Node(int number) implements NodeAccess {
    @Override
    public NodeName name() {
      return new NodeName("db" + number);
    }

    @Override
    public IpAddress address() {
      return new IpAddress(ContainerGroup.address(number));
    }

    @Override
    public Remote remote() {
      return new ContainerRemote(container(number));
    }

    @Override
    public String service() {
      return "mysql";
    }

    @Override
    public Connection connect() throws SQLException {
      java.util.Properties p = new java.util.Properties();
      p.setProperty("user", "admin");
      p.setProperty("password", PASSWORD);
      p.setProperty("connectTimeout", "2000");
      p.setProperty("socketTimeout", "10000");
      return DriverManager.getConnection("jdbc:mysql://" + ContainerGroup.address(number), p);
    }
  }
}
