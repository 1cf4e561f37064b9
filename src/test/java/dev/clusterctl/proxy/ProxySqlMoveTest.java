package dev.clusterctl.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.IpAddress;
import dev.clusterctl.topology.Machine;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Packages;
import dev.clusterctl.topology.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The move to another writer, against SQLite with tables of the same constraints. */
class ProxySqlMoveTest {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNewWriterIsTheOnlyOneAndEveryServerKeepsItsSettings(boolean writerIsAlsoReader)
      throws Exception {
    try (SqliteAdmin admin = new SqliteAdmin(true)) {
      insert(admin, 2, "db1");
      for (String host : List.of("db1", "db2", "db3")) {
        insert(admin, 3, host);
      }
      insert(admin, 77, "mine");
      Proxy.ProxySql proxy = proxy(writerIsAlsoReader);
      ProxySqlMove.to(admin, proxy, "db2").run(admin);
      assertThat(servers(admin, "mysql_servers"))
          .containsExactlyInAnyOrderElementsOf(
              writerIsAlsoReader
                  ? List.of(
                      "2 db2 1 clusterctl",
                      "3 db1 1 clusterctl",
                      "3 db2 1 clusterctl",
                      "3 db3 1 clusterctl",
                      "77 mine 1 clusterctl")
                  : List.of(
                      "2 db2 1 clusterctl",
                      "3 db1 1 clusterctl",
                      "3 db3 1 clusterctl",
                      "77 mine 1 clusterctl"));
      assertThat(servers(admin, "runtime_mysql_servers"))
          .isEqualTo(servers(admin, "mysql_servers"));
      // Told once more it only loads what is there.
      admin.executed.clear();
      ProxySqlMove.to(admin, proxy, "db2").run(admin);
      assertThat(admin.executed).hasSize(2);
    }
  }

  private static void insert(SqliteAdmin admin, int hostgroup, String host) throws Exception {
    admin.run(
        "INSERT INTO mysql_servers (hostgroup_id, hostname, port, use_ssl, comment)"
            + " VALUES (%d, '%s', 3306, 1, 'clusterctl')".formatted(hostgroup, host));
  }

  private static List<String> servers(SqliteAdmin admin, String table) throws Exception {
    return admin.query("SELECT * FROM " + table).stream()
        .map(
            row ->
                String.join(
                    " ",
                    row.getOrDefault("hostgroup_id", ""),
                    row.getOrDefault("hostname", ""),
                    row.getOrDefault("use_ssl", ""),
                    row.getOrDefault("comment", "")))
        .sorted()
        .toList();
  }

  private static Proxy.ProxySql proxy(boolean writerIsAlsoReader) {
    return new Proxy.ProxySql(
        new Machine(new NodeName("proxy"), new IpAddress("127.0.99.10"), 512, Optional.empty()),
        "2.7.1",
        new Packages(Packages.Source.PREINSTALLED, List.of()),
        6033,
        6032,
        new Proxy.HostGroups(2, 4, 3, 1),
        1,
        writerIsAlsoReader,
        100,
        false);
  }
}
