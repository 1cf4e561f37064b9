package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.machine.TestMachines;
import java.io.IOException;
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
 * What goes wrong on real machines, one thing after the other on one machine, and what a person is
 * told. At the end, when all is mended, the machine becomes a cluster after all.
 */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class ErrorsStoryTest {
  private static final String ADDRESS = "10.99.23.11";

  private static final String PATIENCE = "/etc/ssh/sshd_config.d/patient.conf";

  @TempDir static Path directory;

  private Network network;
  private SshMachine machine;
  private Playground cluster;
  private String untouched;

  @BeforeAll
  void startAMachine() throws Exception {
    String image = TestMachines.image(directory.resolve("image"));
    network = SshMachines.network("10.99.23.0/24");
    Path key = SshMachine.newKey(directory.resolve("id_test"));
    SshMachine.newKey(directory.resolve("id_other"));
    machine = new SshMachine(image, network, "db1", key, Map.of("db1", ADDRESS), directory);
    machine.start();
    // Each refused login counts; one test is about what they add up to.
    machine.bash("echo 'PerSourcePenalties no' >" + PATIENCE + "; systemctl restart ssh");
    cluster = new Playground(directory, "e2e-errors", yaml());
    untouched = fingerprint();
  }

  @AfterAll
  void removeEverything() throws Exception {
    if (machine != null) {
      machine.stop();
    }
    network.close();
    cluster.close();
  }

  @Test
  @Order(1)
  void nobodyListens() throws Exception {
    cluster.write(yaml().replace("user: root", "user: root, port: 2222"));
    Outcome up = failedUp();
    assertThat(up.said())
        .contains("db1: nobody answers at %s:2222 (Connection refused)".formatted(ADDRESS))
        .contains("try: Check that the machine runs, that its sshd listens on port 2222");
    assertUntouched();
  }

  @Test
  @Order(2)
  void theHostIsNotThere() throws Exception {
    cluster.write(yaml().replace("user: root", "user: root, host: 10.99.23.99"));
    assertThat(failedUp().said())
        .contains("db1: there is no route to 10.99.23.99:22")
        .contains("try: Check that the machine runs");
  }

  @Test
  @Order(3)
  void aFireWallSwallowsEverything() throws Exception {
    cluster.write(yaml());
    machine.bash("iptables -I INPUT -p tcp --dport 22 -j DROP");
    try {
      assertThat(failedUp().said())
          .contains("db1: no answer from %s:22 within 10 s".formatted(ADDRESS))
          .contains("no firewall is in between");
    } finally {
      machine.bash("iptables -F INPUT");
    }
    assertUntouched();
  }

  @Test
  @Order(4)
  void theKeyIsRefused() throws Exception {
    cluster.write(yaml().replace("id_test", "id_other"));
    Path key = directory.resolve("id_other");
    assertThat(failedUp().said())
        .contains("db1: %s:22 refuses the key %s for user root".formatted(ADDRESS, key))
        .contains("try: Add the line in %s.pub to ~root/.ssh/authorized_keys".formatted(key));
    assertUntouched();
  }

  @Test
  @Order(5)
  void theHostKeyIsAnother() throws Exception {
    String other = hostKeyOf("id_other");
    cluster.write(yaml().replace(machine.hostKey(), other));
    assertThat(failedUp().said())
        .contains("shows a host key that is not the one we know")
        .contains("expected ssh-ed25519 " + fingerprintOf("id_other"))
        .contains("seen ssh-ed25519 " + fingerprintOf("host-key-db1"))
        .contains("try: Either the machine was made anew, or somebody sits between");
    assertUntouched();
  }

  @Test
  @Order(6)
  void theHostKeyIsUnknown() throws Exception {
    cluster.write(yaml().replace(", host-key: \"" + machine.hostKey() + "\"", ""));
    assertThat(failedUp().said())
        .contains("no host key is known for %s:22".formatted(ADDRESS))
        .contains("ssh-ed25519 " + fingerprintOf("host-key-db1"))
        .contains("host-key: " + machine.hostKey());
    assertUntouched();
  }

  @Test
  @Order(7)
  void sshdTurnsAwayWhoFailedToLogInTooOften() throws Exception {
    cluster.write(yaml().replace("id_test", "id_other"));
    machine.bash("mv " + PATIENCE + " /tmp; systemctl restart ssh");
    // OpenSSH adds up what each failure costs, and closes the door at 15 s.
    Outcome up = failedUp();
    for (int i = 0; i < 10 && !up.said().contains("closes the connection"); i++) {
      up = failedUp();
    }
    assertThat(up.said())
        .contains("db1: the sshd at %s:22 closes the connection".formatted(ADDRESS))
        .contains("try: If logins from here failed just now");
    machine.bash("mv /tmp/patient.conf " + PATIENCE + "; systemctl restart ssh");
  }

  @Test
  @Order(8)
  void theServerIsAnotherVersion() throws Exception {
    cluster.write(yaml().replace("version: 9.7", "version: 8.4"));
    Outcome up = failedUp();
    assertThat(up.said()).contains("MySQL 9.7.").contains("but cluster.yaml asks for 8.4");
    assertUntouched();
  }

  @Test
  @Order(9)
  void anOptionThatTheServerDoesNotKnow() throws Exception {
    cluster.write(yaml().replace("preinstalled}", "preinstalled, options: {no_such_option: 1}}"));
    assertThat(failedUp().said())
        .contains("check the option file for db1")
        .contains("unknown variable 'no_such_option=1'");
    assertThat(machine.bash("cat /etc/mysql/my.cnf")).doesNotContain("no_such_option");
    assertThat(machine.bash("find /etc/mysql -name '*candidate*'; ls -A /var/lib/mysql")).isEmpty();
  }

  @Test
  @Order(10)
  void theDiskIsFull() throws Exception {
    cluster.write(yaml());
    machine.bash("mount -t tmpfs -o size=24m none /var/lib/mysql");
    try {
      assertThat(failedUp().said())
          .contains("db1")
          .contains("make the data directory")
          .containsIgnoringCase("disk")
          .contains("/var/lib/mysql");
    } finally {
      machine.bash("umount /var/lib/mysql");
    }
  }

  @Test
  @Order(11)
  void somebodyElseHasThePort() throws Exception {
    machine.bash("systemd-run --unit=squatter systemd-socket-activate -l 3306 /bin/cat");
    try {
      assertThat(failedUp().said())
          .contains("db1: MySQL doesn't start")
          .contains("Do you already have another mysqld server running on port: 3306")
          .contains("try: ");
    } finally {
      // It may have ended by itself: whoever connects gets a program, once.
      machine.bash("systemctl stop squatter || true");
    }
  }

  @Test
  @Order(12)
  void aServerThatDoesNotStart() throws Exception {
    cluster.write(
        yaml().replace("preinstalled}", "preinstalled, options: {innodb_page_size: 32k}}"));
    assertThat(failedUp().said())
        .contains("db1: MySQL doesn't start")
        .contains("innodb_page_size")
        // What was wrong in the test before.
        .doesNotContain("Address already in use")
        .contains("clusterctl logs db1 shows the server's log");
  }

  @Test
  @Order(13)
  void onceAllIsMendedUpGoesThrough() throws Exception {
    cluster.write(yaml());
    cluster.good("up");
    assertThat(cluster.good("status").event("status")).containsEntry("healthy", true);
    assertThat(cluster.good("up").steps("changed")).isEmpty();
  }

  @Test
  @Order(14)
  void noDockerEngineAnswers() throws Exception {
    cluster.write(dockerYaml());
    Outcome up = Host.run(Map.of("DOCKER_HOST", "unix:///nowhere.sock"), cluster.program("up"));
    assertThat(up.code()).as(up.said()).isEqualTo(1);
    assertThat(up.said())
        .contains("the Docker engine doesn't answer")
        .contains("unix:///nowhere.sock")
        .contains("try: Start it: sudo systemctl start docker");
    Outcome none = Host.run(Map.of("PATH", "/nowhere"), cluster.program("up"));
    assertThat(none.code()).as(none.said()).isEqualTo(1);
    assertThat(none.said())
        .contains("the docker command can't be run")
        .contains("try: Install Docker");
  }

  @Test
  @Order(15)
  void anotherNetworkIsInTheWay() throws Exception {
    cluster.write(dockerYaml());
    assertThat(failedUp().said())
        .contains("the cluster's network 10.99.23.0/24 overlaps with Docker's network")
        .contains("try: ");
    assertThat(cluster.leftovers()).isEmpty();
  }

  private Outcome failedUp() {
    Outcome up = cluster.run("up");
    assertThat(up.code()).as(up.said()).isEqualTo(1);
    assertThat(up.said()).contains("the full log: ").doesNotContain("\tat ");
    return up;
  }

  private void assertUntouched() throws Exception {
    assertThat(fingerprint()).isEqualTo(untouched);
  }

  /** Of all that clusterctl would change. */
  private String fingerprint() throws Exception {
    return machine.bash(
        "find /etc/mysql /etc/systemd/system /var/lib/mysql /var/lib/clusterctl /var/log/mysql"
            // A server that is asked for its options tries its directory out: only its time
            // changes.
            + " -type d -printf '%p\\n' -o -printf '%p %s %T@\\n' 2>/dev/null | sort | sha256sum; systemctl is-active mysql ||"
            + " true");
  }

  private String yaml() {
    return SshMachines.yaml(
        "e2e-errors",
        "{version: 9.7, packages: preinstalled}",
        List.of(new SshMachines.Entry("db1", ADDRESS, "root", "id_test", machine.hostKey())));
  }

  private static String dockerYaml() {
    return """
        name: e2e-errors
        machines: {provider: docker, os: debian-sid, memory: 512}
        mysql: {version: 9.7}
        replication: {mode: multi-primary}
        nodes:
          - {name: db1, address: 10.99.23.11}
        proxy: {type: mysql-router, name: proxy, address: 10.99.23.10}
        """;
  }

  private static String hostKeyOf(String keyFile) throws IOException {
    String[] words = SshMachine.publicKey(directory.resolve(keyFile)).split(" ", 3);
    return words[0] + " " + words[1];
  }

  private static String fingerprintOf(String keyFile) throws Exception {
    return Host.run("ssh-keygen", "-l", "-f", directory.resolve(keyFile).toString())
        .out()
        .split(" ", 3)[1];
  }
}
