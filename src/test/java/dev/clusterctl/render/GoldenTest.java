package dev.clusterctl.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.topology.PackageLock;
import dev.clusterctl.topology.Replication.Mode;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Run with {@code -Dgolden.update=true} to take what is rendered now for what is right. */
class GoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static final Map<String, Topology> TOPOLOGIES =
      Map.ofEntries(
          Map.entry("elaporan-5.7.23", TestTopologies.elaporan()),
          Map.entry("simkp-5.7.23", committed("examples/simkp.yaml")),
          Map.entry("single-5.7.44", TestTopologies.sandbox("5.7.44", Mode.SINGLE_PRIMARY, 1024)),
          Map.entry("multi-8.0.36", TestTopologies.sandbox("8.0.36", Mode.MULTI_PRIMARY, 2048)),
          Map.entry("single-8.0.36", TestTopologies.sandbox("8.0.36", Mode.SINGLE_PRIMARY, 2048)),
          Map.entry("multi-8.4.3", TestTopologies.sandbox("8.4.3", Mode.MULTI_PRIMARY, 4096)),
          Map.entry("single-8.4.3", TestTopologies.sandbox("8.4.3", Mode.SINGLE_PRIMARY, 4096)),
          Map.entry("multi-9.7.4", TestTopologies.sandbox()),
          Map.entry("single-9.7.4", TestTopologies.sandbox("9.7.4", Mode.SINGLE_PRIMARY, 512)),
          Map.entry("replicas-5.7.44", TestTopologies.replicas("5.7.44")),
          Map.entry("replicas-9.7.4", TestTopologies.replicas("9.7.4")),
          Map.entry("innodb-cluster-8.0.36", TestTopologies.innodbCluster("8.0.36")),
          Map.entry("innodb-cluster-9.7.4", TestTopologies.innodbCluster("9.7.4")));

  private static Topology committed(String file) {
    return TopologyReader.read(Path.of(file)).topology().orElseThrow();
  }

  static Stream<String> names() {
    return TOPOLOGIES.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("names")
  void filesAreRenderedAsTheyWereWhenSomeoneLastLookedAtThem(String name) throws IOException {
    SortedMap<String, String> rendered =
        dev.clusterctl.render.Files.of(TOPOLOGIES.get(name), PackageLock.EMPTY);
    Path directory = GOLDEN.resolve(name);
    if (Boolean.getBoolean("golden.update")) {
      for (Map.Entry<String, String> file : rendered.entrySet()) {
        Path path = directory.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
    }
    assertThat(rendered).isEqualTo(read(directory));
    assertThat(rendered.values())
        .allSatisfy(
            text ->
                assertThat(text)
                    .contains("rendered by clusterctl from cluster.yaml")
                    .endsWith("\n")
                    .doesNotContain("\r"));
  }

  private static SortedMap<String, String> read(Path directory) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(path).toString().replace('\\', '/'), Files.readString(path));
      }
    }
    return files;
  }
}
