package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.clusterctl.topology.Replication;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real group behind a real ProxySQL, from nothing to taken away, as a user does it. No
 * distribution has ProxySQL, so this runs where a binary of 2.x is given (environment variable
 * CLUSTERCTL_PROXYSQL, or on the PATH) and fits Debian sid, whose machines it is put on.
 */
@Tag("e2e")
class ProxySqlStoryTest {
  private static final String GIVEN = "CLUSTERCTL_PROXYSQL";
  private static final String NAME = "clusterctl-proxysql-story";

  @TempDir private Path directory;
  private boolean begun;

  @ParameterizedTest
  @EnumSource
  void aGroupBehindProxySqlIsMadeProvedRepairedAndTakenAway(Replication.Mode mode)
      throws Exception {
    Path binary = binary();
    String version = ProxySqlImage.version(binary);
    Assumptions.assumeTrue(
        version.startsWith("2."), "ProxySQL " + version + " can't log in to MySQL 9's accounts");
    String image = ProxySqlImage.make(binary, directory);
    write(mode, image, version);
    begun = true;

    run("up").succeeded();
    assertThat(run("up").succeeded().text()).contains("nothing to do");
    assertThat(servers("reader")).containsExactly("db1", "db2", "db3");
    List<String> writers = servers("writer");
    assertThat(writers).hasSize(mode == Replication.Mode.MULTI_PRIMARY ? 3 : 1);

    // In single-primary mode the primary is killed, so that the writer must move.
    String victim = writers.get(0);
    run("failover-test", victim, "--down-for", "5s", "--json", file("report.json").toString())
        .succeeded();
    assertThat(JSON.std.mapFrom(Files.readString(file("report.json"))))
        .containsEntry("verdict", "passed");

    docker("exec", NAME + "-proxy", "systemctl", "stop", "proxysql");
    assertThat(run("status").status()).isEqualTo(3);
    assertThat(run("up").succeeded().text()).contains("1 changed");
    run("status").succeeded();

    write(mode, image, "2.5.0");
    Story.Outcome wrong = run("up");
    assertThat(wrong.status()).isEqualTo(1);
    assertThat(wrong.text())
        .contains("ProxySQL " + version + " is on this machine, but cluster.yaml asks for 2.5.0");
  }

  @Test
  void proxySqlFollowsASourceWhoseRoleIsChanged() throws Exception {
    Path binary = binary();
    String version = ProxySqlImage.version(binary);
    Assumptions.assumeTrue(
        version.startsWith("2."), "ProxySQL " + version + " can't log in to MySQL 9's accounts");
    write("type: source-replica, source: db1", ProxySqlImage.make(binary, directory), version);
    begun = true;
    run("up").succeeded();
    assertThat(servers("writer")).containsExactly("db1");

    run("switchover", "db2", "--under-load").succeeded();
    assertThat(servers("writer")).containsExactly("db2");
    assertThat(run("up").succeeded().text()).contains("nothing to do");

    docker("kill", NAME + "-db2");
    run("failover", "--to", "db3", "--yes").succeeded();
    docker("start", NAME + "-db2");
    run("up").succeeded();
    assertThat(servers("writer")).containsExactly("db3");
    run("switchover", "db1", "--under-load").succeeded();
    assertThat(servers("writer")).containsExactly("db1");
  }

  @AfterEach
  void takeAway() throws Exception {
    if (begun) {
      run("down", "--yes").succeeded();
      assertThat(docker("ps", "-aq", "--filter", "name=" + NAME)).isBlank();
    }
  }

  private static Path binary() {
    String given = System.getenv(GIVEN);
    Stream<Path> places =
        given != null
            ? Stream.of(Path.of(given))
            : Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(d -> Path.of(d, "proxysql"));
    Optional<Path> found = places.filter(Files::isExecutable).findFirst();
    Assumptions.assumeTrue(
        found.isPresent(), "no proxysql on the PATH, and none given by " + GIVEN);
    return found.orElseThrow();
  }

  private List<String> servers(String role) throws Exception {
    String line =
        run("status", "--output", "json")
            .succeeded()
            .text()
            .lines()
            .filter(l -> l.contains("\"routes\""))
            .findFirst()
            .orElseThrow();
    return routes(JSON.std.mapFrom(line)).stream()
        .filter(r -> role.equals(r.get("role")) && "ONLINE".equals(r.get("status")))
        .map(r -> String.valueOf(r.get("server")))
        .toList();
  }

  /** The list called routes, however deep it is. */
  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> routes(Map<String, Object> json) {
    if (json.get("routes") instanceof List<?> list) {
      return (List<Map<String, Object>>) list;
    }
    return json.values().stream()
        .filter(Map.class::isInstance)
        .flatMap(m -> routes((Map<String, Object>) m).stream())
        .toList();
  }

  private void write(Replication.Mode mode, String image, String version) throws Exception {
    write("type: group, mode: " + Replication.label(mode), image, version);
  }

  private void write(String replication, String image, String version) throws Exception {
    Files.writeString(
        file("cluster.yaml"),
        """
        name: proxysql-story
        machines: {provider: docker, os: debian-sid, image: '%s', memory: 512}
        mysql: {version: 9.7, packages: preinstalled}
        replication: {%s}
        nodes:
          - {name: db1, address: 10.99.42.11}
          - {name: db2, address: 10.99.42.12}
          - {name: db3, address: 10.99.42.13}
        proxy:
          type: proxysql
          version: '%s'
          packages: preinstalled
          name: proxy
          address: 10.99.42.10
          memory: 256
          read-write-split: true
        databases:
          - {name: app, user: app}
        """
            .formatted(image, replication, version));
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private Story.Outcome run(String... words) throws Exception {
    return Story.clusterctl(file("cluster.yaml"), words);
  }

  private static String docker(String... words) throws Exception {
    return Story.docker(words).succeeded().text();
  }
}
