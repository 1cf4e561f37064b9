package dev.clusterctl.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.dialect.ServerVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyReaderTest {
  private static final String SERVER_FILE =
      "packages: {debs: [{url: 'https://a.test/server.deb'}]}";
  private static final String ROUTER_FILE =
      "packages: {debs: [{url: 'https://a.test/router.deb'}]}";
  private static final Path FILE = Path.of("/srv/clusters/cluster.yaml");

  private static Topology read(String text) {
    ReadResult result = TopologyReader.readText(text, FILE);
    assertThat(result.errors()).isEmpty();
    return result.topology().orElseThrow();
  }

  @Test
  void aShortFileIsCompletedWithDefaults() {
    Topology topology =
        read(
            """
            name: shop
            machines: {provider: docker, os: debian-sid}
            mysql: {version: 9.7}
            nodes:
              - {name: a, address: 10.1.1.11}
              - {name: b, address: 10.1.1.12}
              - {name: c, address: 10.1.1.13}
            """);

    assertThat(topology.file()).isEqualTo(FILE);
    assertThat(topology.machines())
        .isEqualTo(
            new Machines(
                Machines.Provider.DOCKER,
                Machines.Backend.VIRTUALBOX,
                OperatingSystem.DEBIAN_SID,
                Optional.empty(),
                Optional.empty(),
                512,
                24,
                Optional.empty()));
    assertThat(topology.mysql().series()).isTrue();
    assertThat(topology.mysql().version().series()).isEqualTo("9.7");
    assertThat(topology.mysql().packages())
        .isEqualTo(new Packages(Packages.Source.DISTRO, List.of()));
    assertThat(topology.replication().type()).isEqualTo(Replication.Type.GROUP);
    assertThat(topology.replication().mode()).isEqualTo(Replication.Mode.SINGLE_PRIMARY);
    assertThat(topology.nodes()).extracting(Node::serverId).containsExactly(11L, 12L, 13L);
    assertThat(topology.nodes()).extracting(n -> n.machine().memory()).containsOnly(512);
    assertThat(topology.proxy()).isEmpty();
    assertThat(topology.databases()).isEmpty();
  }

  @Test
  void aFullFileIsReadKeyByKey() {
    Topology topology =
        read(
            """
            name: shop
            machines:
              provider: ssh
              os: ubuntu-22.04
              memory: 2048
              subnet-prefix: 16
            mysql:
              version: "8.0.36"
              packages:
                debs:
                  - url: https://downloads.mysql.com/a.deb
                    sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
                  - urls: [https://one.example/b.deb, https://two.example/b.deb]
                    sha256: fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210
              options: {max-connections: 200, sql_mode: '', innodb_print_all_deadlocks: ON}
            replication:
              type: group
              mode: single-primary
              group-name: 82A56CF6-86d5-420a-bc67-386bc98e3c8b
              failover:
                member-expel-timeout: 0
                exit-state-action: offline-mode
                consistency: before-on-primary-failover
                autorejoin-tries: 2
                unreachable-majority-timeout: 30
                communication-stack: xcom
            nodes:
              - name: db1
                address: 10.1.1.11
                server-id: 4294967295
                memory: 4096
                options: {max_connections: 300}
                ssh: &ssh
                  host: db1.example.org
                  port: 2222
                  user: admin
                  identity-file: keys/id
                  host-key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKkq0C0nXnbT
              - name: db2
                address: 10.1.2.12
                ssh: {<<: *ssh, host: db2.example.org}
              - name: db3
                address: 10.1.3.13
                ssh: {identity-file: ~/.ssh/id_ed25519}
            proxy:
              type: proxysql
              version: 2.7.1
              packages: preinstalled
              name: gate
              address: 10.1.1.10
              memory: 256
              ssh: {identity-file: /etc/keys/id}
              port: 3306
              admin-port: 6000
              hostgroups: {writer: 12, backup-writer: 14, reader: 13, offline: 11}
              max-writers: 1
              writer-is-also-reader: false
              max-transactions-behind: 7
              read-write-split: true
            databases:
              - {name: one, user: u1, password: '${env:ONE}', character-set: utf8mb4}
              - {name: two, user: u2, password: '${file:two.txt}'}
              - {name: three, user: u3}
            """);

    assertThat(topology.mysql().version()).isEqualTo(new ServerVersion(8, 0, 36));
    assertThat(topology.mysql().series()).isFalse();
    assertThat(topology.mysql().packages().debs())
        .extracting(Packages.Deb::urls)
        .containsExactly(
            List.of("https://downloads.mysql.com/a.deb"),
            List.of("https://one.example/b.deb", "https://two.example/b.deb"));
    assertThat(topology.mysql().options().toString())
        .isEqualTo("{max_connections=200, sql_mode=, innodb_print_all_deadlocks=ON}");
    assertThat(topology.replication())
        .isEqualTo(
            new Replication(
                Replication.Type.GROUP,
                Replication.Mode.SINGLE_PRIMARY,
                UUID.fromString("82a56cf6-86d5-420a-bc67-386bc98e3c8b"),
                new Replication.Failover(
                    Optional.of(0),
                    Optional.of(Replication.ExitStateAction.OFFLINE_MODE),
                    Optional.of(Replication.Consistency.BEFORE_ON_PRIMARY_FAILOVER),
                    Optional.of(2),
                    Optional.of(30),
                    Optional.of(Replication.CommunicationStack.XCOM)),
                Optional.empty()));
    Node first = topology.nodes().get(0);
    assertThat(first.serverId()).isEqualTo(4294967295L);
    assertThat(first.options()).containsEntry("max_connections", "300");
    assertThat(first.machine().memory()).isEqualTo(4096);
    assertThat(first.machine().ssh())
        .contains(
            new SshTarget(
                "db1.example.org",
                2222,
                "admin",
                Path.of("/srv/clusters/keys/id"),
                Optional.of("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKkq0C0nXnbT")));
    SshTarget merged = topology.nodes().get(1).machine().ssh().orElseThrow();
    assertThat(merged.host()).isEqualTo("db2.example.org");
    assertThat(merged.port()).isEqualTo(2222);
    assertThat(topology.nodes().get(2).machine().ssh())
        .contains(
            new SshTarget(
                "10.1.3.13",
                22,
                "root",
                Path.of(System.getProperty("user.home"), ".ssh", "id_ed25519"),
                Optional.empty()));
    assertThat(topology.proxy())
        .get()
        .isEqualTo(
            new Proxy.ProxySql(
                new Machine(
                    new NodeName("gate"),
                    new IpAddress("10.1.1.10"),
                    256,
                    Optional.of(
                        new SshTarget(
                            "10.1.1.10", 22, "root", Path.of("/etc/keys/id"), Optional.empty()))),
                "2.7.1",
                new Packages(Packages.Source.PREINSTALLED, List.of()),
                3306,
                6000,
                new Proxy.HostGroups(12, 14, 13, 11),
                1,
                false,
                7,
                true));
    assertThat(topology.databases())
        .containsExactly(
            new Database(
                "one",
                "u1",
                new SecretRef.FromEnvironment("ONE"),
                Optional.of("utf8mb4"),
                Optional.empty()),
            new Database(
                "two",
                "u2",
                new SecretRef.FromFile(Path.of("/srv/clusters/two.txt")),
                Optional.empty(),
                Optional.empty()),
            new Database(
                "three", "u3", new SecretRef.Generated(), Optional.empty(), Optional.empty()));
  }

  @Test
  void proxySqlHasItsUsualPortsAndHostgroupsAndAWriterForEachNode() {
    Topology topology =
        read(
            MistakesTest.GOOD.replace(
                "type: mysql-router",
                "type: proxysql\n  version: 2.7.1\n  packages: {debs: [{url: 'https://a.test/p.deb', sha256: "
                    + "a".repeat(64)
                    + "}]}"));

    assertThat(topology.proxy())
        .get()
        .isEqualTo(
            new Proxy.ProxySql(
                new Machine(
                    new NodeName("proxy"), new IpAddress("10.1.1.10"), 512, Optional.empty()),
                "2.7.1",
                new Packages(
                    Packages.Source.DEBS,
                    List.of(
                        new Packages.Deb(
                            List.of("https://a.test/p.deb"), Optional.of("a".repeat(64))))),
                6033,
                6032,
                new Proxy.HostGroups(2, 4, 3, 1),
                3,
                true,
                100,
                false));
  }

  @Test
  void aRouterFollowsTheServersUnlessItIsToldOtherwise() {
    Proxy router = read(MistakesTest.GOOD).proxy().orElseThrow();
    assertThat(router.version()).isEqualTo("9.7");
    assertThat(router.packages()).isEqualTo(new Packages(Packages.Source.DISTRO, List.of()));
    assertThat(router.writePort()).isEqualTo(6446);
    assertThat(router.readPort()).isEqualTo(6447);

    Topology old =
        read(
            MistakesTest.GOOD
                .replace("version: 9.7", "version: 5.7.44")
                .replace("packages: distro", SERVER_FILE)
                .replace("type: mysql-router", "type: mysql-router\n  " + ROUTER_FILE));
    assertThat(old.proxy().orElseThrow().version()).isEqualTo("8.0");
  }

  @Test
  void aVersionIsTextAndNotANumber() {
    String text =
        MistakesTest.GOOD
            .replace("packages: distro", SERVER_FILE)
            .replace("type: mysql-router", "type: mysql-router\n  " + ROUTER_FILE);
    assertThat(read(text.replace("version: 9.7", "version: 26.10")).mysql().version().series())
        .isEqualTo("26.10");
    assertThat(
            TopologyReader.readText(text.replace("version: 9.7", "version: 26.1"), FILE).errors())
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("there is no MySQL 26.1");
  }

  @Test
  void theGroupNameFollowsFromTheClustersNameAndStaysTheSame() {
    UUID name = read(MistakesTest.GOOD).replication().groupName();
    assertThat(read(MistakesTest.GOOD).replication().groupName()).isEqualTo(name);
    assertThat(read(MistakesTest.GOOD.replace("shop", "shop2")).replication().groupName())
        .isNotEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cluster.yaml",
        "examples/simkp.yaml",
        "examples/sandbox.yaml",
        "examples/sandbox-single-primary.yaml"
      })
  void theExamplesAreGood(String file) {
    ReadResult result = TopologyReader.read(Path.of(file));
    assertThat(result.problems()).isEmpty();
    assertThat(result.topology()).isPresent();
  }

  @Test
  void theExamplesAreTheSystemsTheySayTheyAre() {
    Topology elaporan = TopologyReader.read(Path.of("cluster.yaml")).topology().orElseThrow();
    assertThat(elaporan.machines().provider()).isEqualTo(Machines.Provider.VAGRANT);
    assertThat(elaporan.mysql().version()).isEqualTo(new ServerVersion(5, 7, 23));
    assertThat(elaporan.allMachines())
        .extracting(m -> m.name() + " " + m.address())
        .containsExactly(
            "db1 192.168.16.13", "db2 192.168.16.14", "db3 192.168.16.15", "proxy 192.168.16.12");
    Topology simkp = TopologyReader.read(Path.of("examples/simkp.yaml")).topology().orElseThrow();
    assertThat(simkp.nodes()).extracting(Node::serverId).containsExactly(130L, 131L, 132L);
  }

  @Test
  void packageFilesThatClusterctlKnowsNeedNotBeNamed() {
    Topology elaporan = TopologyReader.read(Path.of("cluster.yaml")).topology().orElseThrow();
    assertThat(elaporan.packageFiles())
        .extracting(Packages.Deb::fileName)
        .containsExactly(
            "mysql-common_5.7.23-1ubuntu16.04_amd64.deb",
            "mysql-community-client_5.7.23-1ubuntu16.04_amd64.deb",
            "mysql-client_5.7.23-1ubuntu16.04_amd64.deb",
            "mysql-community-server_5.7.23-1ubuntu16.04_amd64.deb",
            "proxysql_1.4.4-ubuntu16_amd64.deb");
    assertThat(elaporan.downloads()).isEqualTo(Downloads.USUAL);
  }

  @Test
  void pathsOfDownloadsStartFromTheFilesDirectory() {
    Topology topology =
        read(MistakesTest.GOOD + "downloads: {directory: packages, ca-file: /etc/company.pem}\n");
    assertThat(topology.downloads())
        .isEqualTo(
            new Downloads(
                Optional.of(Path.of("/srv/clusters/packages")),
                Optional.of(Path.of("/etc/company.pem"))));
    assertThat(topology.packageLockFile()).isEqualTo(Path.of("/srv/clusters/cluster.lock.yaml"));
  }
}
