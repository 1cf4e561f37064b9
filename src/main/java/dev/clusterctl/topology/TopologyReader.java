package dev.clusterctl.topology;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a cluster.yaml: text → YAML nodes → values of the right shape ({@link ClusterYaml}) → rules
 * between values → {@link Topology}. Each stage reports all that it finds; only text that isn't
 * YAML ends the reading early. Nothing but the file itself is looked at: no network, no machine.
 */
public final class TopologyReader {
  private TopologyReader() {}

  /** Reads a file. Never throws for what the file is or holds: that is what problems are for. */
  public static ReadResult read(Path file) {
    Problems problems = new Problems(file);
    Optional<Topology> topology =
        bytes(file, problems)
            .flatMap(bytes -> YamlText.decode(bytes, problems))
            .flatMap(text -> parse(text, file, problems));
    return new ReadResult(topology, problems.sorted());
  }

  /**
   * Reads text as if it were the content of a file.
   *
   * @param file names the file in problems; relative paths in the text start from its directory
   */
  public static ReadResult readText(String text, Path file) {
    Problems problems = new Problems(file);
    Optional<Topology> topology =
        YamlText.decode(text.getBytes(StandardCharsets.UTF_8), problems)
            .flatMap(decoded -> parse(decoded, file, problems));
    return new ReadResult(topology, problems.sorted());
  }

  private static Optional<Topology> parse(String text, Path file, Problems problems) {
    Optional<Section> root =
        YamlText.compose(text, problems)
            .flatMap(node -> new ShapeReader(problems).read(node, ClusterYaml.ROOT));
    root.ifPresent(section -> new Rules(section, problems).check());
    return problems.hasErrors()
        ? Optional.empty()
        : root.map(section -> new TopologyBuilder(section, file).build());
  }

  private static Optional<byte[]> bytes(Path file, Problems problems) {
    try {
      if (Files.isDirectory(file)) {
        problems.error(
            Position.FILE, "is a directory", "name the file: -f " + file.resolve("cluster.yaml"));
        return Optional.empty();
      }
      if (Files.exists(file) && Files.size(file) > YamlText.LARGEST_FILE) {
        problems.error(
            Position.FILE,
            "is larger than %d bytes (%d)".formatted(YamlText.LARGEST_FILE, Files.size(file)),
            "this can't be a cluster.yaml");
        return Optional.empty();
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      problems.error(
          Position.FILE,
          "no such file",
          "`clusterctl init` writes one; -f or CLUSTERCTL_FILE names another");
    } catch (IOException e) {
      problems.error(
          Position.FILE,
          "can't be read (" + e.getClass().getSimpleName() + ")",
          "check that you may read it");
    }
    return Optional.empty();
  }
}
