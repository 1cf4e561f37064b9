package dev.clusterctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script of node db1 as a shell runs it, with a program {@code mysql} that answers out of
 * files: what each of the others says, what the node itself says, and what it is told.
 */
class RoleGuardTest {
  private static final String DB1 = "10.0.0.11";
  private static final String DB2 = "10.0.0.12";
  private static final String DB3 = "10.0.0.13";

  // One that has no file doesn't answer. A second answer, where there is one, replaces the first.
  private static final String MYSQL =
      """
      #!/bin/sh
      host=
      for word in "$@"; do
        case $word in
          --host=*) host=${word#--host=} ;;
          --execute=*) sql=${word#--execute=} ;;
        esac
      done
      case $sql in
        *'SET GLOBAL'*) echo "$sql" >>told; exit 0 ;;
      esac
      answer=${host:-own}
      [ -e "$answer" ] || exit 1
      cat "$answer"
      if [ -e "$answer.next" ]; then mv "$answer.next" "$answer"; fi
      """;

  @TempDir private Path directory;

  @BeforeEach
  void prepare() throws IOException {
    program("mysql", MYSQL);
    program("sleep", "#!/bin/sh\n");
    program("timeout", "#!/bin/sh\nshift\nexec \"$@\"\n");
    role(RoleGuard.SOURCE);
    says("own", "0");
  }

  @Test
  void theSourceTakesWritesWhereItsReplicasFollowIt() throws Exception {
    says(DB2, "1 " + DB1);
    says(DB3, "1 " + DB1);
    assertThat(run(false)).contains("this node is the source and takes writes");
    assertThat(told())
        .containsExactly("SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF");
  }

  @Test
  void commitsWaitForAReplicaFromTheFirstOn() throws Exception {
    says(DB2, "1 " + DB1);
    says(DB3, "1 " + DB1);
    run(true);
    assertThat(told())
        .containsExactly(
            "SET GLOBAL rpl_semi_sync_source_enabled = ON; SET GLOBAL super_read_only = OFF;"
                + " SET GLOBAL read_only = OFF");
  }

  @Test
  void aReplicaStaysReadOnlyWithoutAskingAnybody() throws Exception {
    role(RoleGuard.REPLICA);
    assertThat(run(false)).isEmpty();
    assertThat(told()).isEmpty();
  }

  @Test
  void aNodeWhoseRoleWasNeverWrittenStaysReadOnly() throws Exception {
    Files.delete(directory.resolve("role"));
    run(false);
    assertThat(told()).isEmpty();
  }

  @Test
  void itStaysReadOnlyWhereAnotherNodeTakesWrites() throws Exception {
    says(DB2, "1 " + DB3);
    says(DB3, "0 ");
    assertThat(run(false)).contains("stays read-only");
    assertThat(told()).isEmpty();
  }

  @Test
  void itStaysReadOnlyWhereAReplicaFollowsSomebodyElseThoughThatOneIsSilent() throws Exception {
    says(DB2, "1 " + DB3);
    assertThat(run(false)).contains(DB2 + " follows " + DB3 + ": this node stays read-only");
    assertThat(told()).isEmpty();
  }

  @Test
  void itStaysReadOnlyWhileItFollowsAnotherOneItself() throws Exception {
    says("own", "1");
    says(DB2, "1 ");
    says(DB3, "1 ");
    assertThat(run(false)).contains("this node follows another one");
    assertThat(told()).isEmpty();
  }

  @Test
  void itStaysReadOnlyWhereItsOwnServerDoesNotAnswer() throws Exception {
    Files.delete(directory.resolve("own"));
    says(DB2, "1 " + DB1);
    says(DB3, "1 " + DB1);
    run(false);
    assertThat(told()).isEmpty();
  }

  @Test
  void ofTwoTheOneThatIsLeftGoesOn() throws Exception {
    assertThat(run(false)).contains(DB2 + " doesn't answer; going on without its word");
    assertThat(told()).hasSize(1);
  }

  @Test
  void itGivesUpAgainWhereAnotherOneBecameTheSourceInTheSameInstant() throws Exception {
    says(DB2, "1 " + DB1);
    says(DB3, "1 ");
    says(DB3 + ".next", "0 ");
    assertThat(run(false)).contains(DB3 + " takes writes: this node stays read-only");
    assertThat(told())
        .containsExactly(
            "SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF",
            "SET GLOBAL super_read_only = ON");
  }

  private void says(String who, String what) throws IOException {
    Files.writeString(directory.resolve(who), what + "\n");
  }

  private void role(String role) throws IOException {
    Files.writeString(directory.resolve("role"), role + "\n");
  }

  private void program(String name, String script) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path file = Files.writeString(bin.resolve(name), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> told() throws IOException {
    Path told = directory.resolve("told");
    return Files.exists(told) ? Files.readAllLines(told) : List.of();
  }

  /** Runs the script to its end, which is always a good one: it mustn't stop the server. */
  private String run(boolean semiSync) throws Exception {
    Path file = directory.resolve("cluster.yaml");
    Files.writeString(
        file,
        """
        name: guarded
        machines: {provider: docker, os: debian-sid, memory: 512}
        mysql: {version: 9.7, packages: distro}
        replication: {type: source-replica, source: db1, semi-sync: %s}
        nodes:
          - {name: db1, address: 10.0.0.11}
          - {name: db2, address: 10.0.0.12}
          - {name: db3, address: 10.0.0.13}
        """
            .formatted(semiSync));
    Topology topology = TopologyReader.read(file).topology().orElseThrow();
    String script =
        RoleGuard.script(topology, topology.node(new NodeName("db1")).orElseThrow())
            .replace(RoleGuard.ROLE, directory.resolve("role").toString());
    Path program = Files.writeString(directory.resolve("guard"), script);
    Process process =
        new ProcessBuilder(
                "env",
                "PATH=" + directory.resolve("bin") + ":" + System.getenv("PATH"),
                "sh",
                program.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return Files.readString(directory.resolve("said"));
  }
}
