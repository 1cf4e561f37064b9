package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.download.TestWebServer;
import dev.clusterctl.machine.TestMachines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Network;

/**
 * A server from package files: two that are made here, one of which carries the machine's own
 * {@code mysqld}, are to be had from a web server; the machine itself can't reach it.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class PackageFilesStoryTest {
  // Without compression, as packing 60 MB and unpacking them again is not what is tested.
  private static final String MAKE_PACKAGES =
      """
      set -e
      # make NAME CONTROL-LINE...: of the files in /var/make/NAME
      make() {
        local name=$1
        shift
        mkdir -p /var/make/$name/DEBIAN
        printf '%s\\n' "Package: $name" 'Version: 9.7.0-1' "Architecture: $(dpkg --print-architecture)" \
          'Maintainer: test <test@localhost>' 'Description: test' "$@" >/var/make/$name/DEBIAN/control
        dpkg-deb -Znone --root-owner-group -b /var/make/$name /var/make/$name.deb
      }
      owner=$(dpkg -S /usr/sbin/mysqld | cut -d: -f1)
      mkdir -p /var/make/test-server/usr/sbin
      mv /usr/sbin/mysqld /var/make/test-server/usr/sbin/
      make test-common
      make test-server 'Depends: test-common (= 9.7.0-1)' "Replaces: $owner"
      rm -r /var/make/test-server
      """;

  @TempDir static Path directory;

  private Network network;
  private SshMachine machine;
  private TestWebServer web;
  private Playground cluster;

  @BeforeAll
  void startMachine() throws Exception {
    String image = TestMachines.image(directory.resolve("image"));
    network = SshMachines.network("10.99.31.0/24");
    Path key = SshMachine.newKey(directory.resolve("id_test"));
    machine = new SshMachine(image, network, "db1", key, Map.of("db1", "10.99.31.11"), directory);
    machine.start();
    machine.bash(MAKE_PACKAGES);
    web = new TestWebServer(Files.createDirectories(directory.resolve("web")));
    for (String name : List.of("test-common", "test-server")) {
      Path file = directory.resolve(name + ".deb");
      machine.copyFileFromContainer("/var/make/" + name + ".deb", file.toString());
      web.serve("/" + name + ".deb", Files.readAllBytes(file));
    }
    machine.bash("rm -r /var/make");
    cluster = new Playground(directory, "e2e-debs", yaml());
  }

  @AfterAll
  void removeMachine() {
    machine.stop();
    network.close();
    web.close();
  }

  private String yaml() {
    return SshMachines.yaml(
            "e2e-debs",
            "{version: 9.7, packages: {debs: [{urls: ['%s', '%s']}, {url: '%s'}]}}"
                .formatted(
                    web.url("/gone/test-common.deb"),
                    web.url("/test-common.deb"),
                    web.url("/test-server.deb")),
            List.of(
                new SshMachines.Entry(
                    "db1", machine.address(), "root", "id_test", machine.hostKey())))
        + "downloads: {ca-file: web/ca.pem}\n";
  }

  @Test
  @Order(1)
  void aPlanSaysWhatWouldBeDownloadedAndWhatPinned() throws Exception {
    Outcome plan = run("plan");
    assertThat(plan.code()).as(plan.said()).isZero();
    assertThat(plan.said())
        .contains("MySQL 9.7")
        .contains("test-server.deb: to be downloaded from " + web.url("/test-server.deb"))
        .contains("pinned in cluster.lock.yaml");
    assertThat(lockFile()).doesNotExist();
    assertThat(web.requests("/test-server.deb")).isZero();
  }

  @Test
  @Order(2)
  void whereNothingMayBePinnedNothingIsDownloaded() {
    Outcome up = run("up", "--locked");
    assertThat(up.code()).as(up.said()).isEqualTo(2);
    assertThat(up.said()).contains("lacks the checksum of test-common.deb, test-server.deb");
    assertThat(web.requests("/test-server.deb")).isZero();
  }

  @Test
  @Order(3)
  void aFileThatIsNotThePinnedOneIsRefusedBeforeAnythingIsInstalled() throws Exception {
    String wrong = "0".repeat(64);
    Files.writeString(
        lockFile(),
        "packages: [{url: '%s', sha256: '%s', size: 1}]\n"
            .formatted(web.url("/test-server.deb"), wrong));

    Outcome up = run("up");

    assertThat(up.code()).as(up.said()).isEqualTo(1);
    assertThat(up.said())
        .contains("test-server.deb is another file than")
        .contains("SHA-256 expected: " + wrong);
    assertThat(machine.bash("dpkg-query -W test-common test-server 2>&1 || true"))
        .contains("no packages found matching test-common");
  }

  @Test
  @Order(4)
  void theServerComesFromTheFilesWhichArePinnedAndSent() throws Exception {
    Files.delete(lockFile());

    Outcome up = run("up");

    assertThat(up.code()).as(up.said()).isZero();
    assertThat(up.said()).contains("commit it");
    assertThat(machine.bash("dpkg -S /usr/sbin/mysqld")).startsWith("test-server:");
    assertThat(Files.readString(lockFile()))
        .contains(web.url("/test-common.deb"), web.url("/test-server.deb"))
        .doesNotContain("/gone/");
    assertThat(web.requests("/test-common.deb")).isEqualTo(1);
    // What is answered for a package's questions is kept out of sight, and is no password.
    assertThat(
            machine.bash(
                "echo get mysql-community-server/root-pass | debconf-communicate 2>&1 || true"))
        .doesNotContain("password");
  }

  @Test
  @Order(5)
  void renderedFilesHaveTheSumsSoThatTheyServeWithoutClusterctl() throws Exception {
    assertThat(run("render", "--out", directory.resolve("out").toString()).code()).isZero();
    String script = Files.readString(directory.resolve("out/scripts/provision/mysql.sh"));
    List<String> sums =
        Files.readString(lockFile())
            .lines()
            .filter(line -> line.contains("sha256:"))
            .map(line -> line.replaceAll(".*\"([0-9a-f]{64})\".*", "$1"))
            .toList();
    assertThat(sums).hasSize(2).allSatisfy(sum -> assertThat(script).contains(sum));

    // The files are there, as clusterctl put them: nothing has to be downloaded, and it can't be.
    machine.bash("dpkg --purge --force-depends test-server test-common");
    Path here = directory.resolve("out/scripts/provision/mysql.sh");
    machine.copyFileToContainer(
        org.testcontainers.utility.MountableFile.forHostPath(here), "/root/mysql.sh");
    assertThat(machine.bash("bash -s -- files </root/mysql.sh")).isEmpty();
    machine.bash("bash -s -- apply </root/mysql.sh");
    assertThat(machine.bash("dpkg -S /usr/sbin/mysqld")).startsWith("test-server:");

    machine.bash("dpkg --purge --force-depends test-server test-common");
    machine.bash("echo tampered >>/var/cache/clusterctl/test-server.deb");
    assertThat(machine.bash("bash -s -- files </root/mysql.sh")).isEqualTo("test-server.deb");
    Outcome up = run("up", "--locked");
    assertThat(up.code()).as(up.said()).isZero();
    assertThat(machine.bash("dpkg -S /usr/sbin/mysqld")).startsWith("test-server:");
    // Once for the refused pin, and once more as that was not kept.
    assertThat(web.requests("/test-server.deb")).isEqualTo(2);
  }

  private Path lockFile() {
    return directory.resolve("cluster.lock.yaml");
  }

  private Outcome run(String... arguments) {
    return cluster.run(Map.of("XDG_CACHE_HOME", directory.resolve("cache").toString()), arguments);
  }
}
