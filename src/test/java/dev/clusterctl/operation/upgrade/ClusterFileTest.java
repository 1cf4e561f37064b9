package dev.clusterctl.operation.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterctl.operation.roles.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFileTest {
  private static final String TEXT =
      """
      name: shop
      machines: {provider: ssh, os: debian-12, memory: 512}
      mysql:
        version: 8.0.46  # since March
        packages: preinstalled
      nodes: [{name: db1, address: 10.0.0.1, ssh: {user: root, identity-file: k}}]
      """;

  @TempDir Path directory;

  @Test
  void theVersionIsWrittenAndNothingElse() throws Exception {
    Path real = Files.writeString(directory.resolve("real.yaml"), TEXT);
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(directory.resolve("cluster.yaml"), real);

    ClusterFile file = ClusterFile.read(link, Optional.of("8.4.6"));
    assertThat(file.changes()).isTrue();
    assertThat(file.result().topology().orElseThrow().mysql().version()).hasToString("8.4.6");
    assertThat(Files.readString(link)).isEqualTo(TEXT);

    file.write();
    assertThat(Files.readString(link)).isEqualTo(TEXT.replace("8.0.46", "8.4.6"));
    assertThat(link).isSymbolicLink();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
        .isEqualTo("rw-r-----");
    assertThat(ClusterFile.read(link, Optional.of("8.4.6")).changes()).isFalse();
  }

  @Test
  void withoutAVersionTheFileSaysItself() throws Exception {
    Path path = Files.writeString(directory.resolve("cluster.yaml"), TEXT);
    ClusterFile file = ClusterFile.read(path, Optional.empty());
    assertThat(file.changes()).isFalse();
    assertThat(file.result().topology().orElseThrow().mysql().version()).hasToString("8.0.46");
  }

  @Test
  void aVersionThatTheRulesDoNotAllowIsSaidWithItsLine() throws Exception {
    Path path = Files.writeString(directory.resolve("cluster.yaml"), TEXT);
    assertThat(ClusterFile.read(path, Optional.of("8.5.0")).result().errors())
        .singleElement()
        .asString()
        .contains("cluster.yaml:4:", "there is no MySQL 8.5");
  }

  @Test
  void aFileThatSaysItInARoundaboutWayIsItsAuthors() throws Exception {
    Path path =
        Files.writeString(directory.resolve("cluster.yaml"), TEXT.replace("8.0.46", "&v 8.0.46"));
    assertThatThrownBy(() -> ClusterFile.read(path, Optional.of("8.4.6")))
        .isInstanceOf(RefusedException.class);
  }
}
