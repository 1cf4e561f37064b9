package dev.clusterctl.cli;

import dev.clusterctl.operation.RenderedDirectory;
import dev.clusterctl.operation.RenderedDirectory.Difference;
import dev.clusterctl.output.Style;
import dev.clusterctl.render.Files;
import dev.clusterctl.topology.ReadResult;
import dev.clusterctl.topology.Topology;
import dev.clusterctl.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code clusterctl render}. */
@Command(
    name = "render",
    description = {
      "Write the files that follow from the cluster.yaml: option files, scripts, SQL.",
      "They go beside the cluster.yaml, or to the directory that --out names."
    })
final class RenderCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Clusterctl root;

  @Option(names = "--out", paramLabel = "DIR", description = "Where the files are.")
  private @Nullable Path out;

  @Option(
      names = "--check",
      description = {
        "Write nothing; fail (exit code 1) if a file is missing, differs, or was rendered before",
        "and no longer is."
      })
  private boolean check;

  @Option(names = "--diff", description = "Write nothing; show what would change.")
  private boolean diff;

  @Override
  public Integer call() throws IOException, InvalidFileException {
    ReadResult read = TopologyReader.read(root.file());
    Topology topology =
        read.topology().orElseThrow(() -> new InvalidFileException(root.file(), read.problems()));
    read.warnings().forEach(w -> root.shell().err().println(w));
    SortedMap<String, String> files = Files.of(topology, Locks.read(topology));
    RenderedDirectory directory = new RenderedDirectory(directory(topology));
    List<Difference> differences = directory.compare(files);
    if (!check && !diff) {
      directory.write(files, differences);
    }
    Results.show(root, "render", json(directory, differences), () -> text(directory, differences));
    return (check && !differences.isEmpty() ? ExitCode.FAILED : ExitCode.OK).code();
  }

  private Path directory(Topology topology) {
    return Optional.ofNullable(out)
        .or(() -> Optional.ofNullable(topology.file().toAbsolutePath().getParent()))
        .orElse(Path.of(""));
  }

  private static Map<String, Object> json(
      RenderedDirectory directory, List<Difference> differences) {
    List<Map<String, Object>> files = new ArrayList<>();
    for (Difference difference : differences) {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("file", difference.name());
      file.put("difference", difference.kind().name().toLowerCase(Locale.ROOT));
      file.put("diff", difference.diff());
      files.add(file);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("directory", directory.root().toString());
    json.put("upToDate", differences.isEmpty());
    json.put("files", files);
    return json;
  }

  private String text(RenderedDirectory directory, List<Difference> differences) {
    if (differences.isEmpty()) {
      return "%s is up to date".formatted(directory.root());
    }
    Style style = new Style(root.terminal());
    List<String> lines = new ArrayList<>();
    for (Difference difference : differences) {
      if (diff) {
        difference.diff().stream().map(style::diffLine).forEach(lines::add);
      } else {
        lines.add("%-9s  %s".formatted(word(difference.kind()), difference.name()));
      }
    }
    if (check) {
      lines.add("%s is not up to date: run clusterctl render".formatted(directory.root()));
    } else if (!diff) {
      lines.add("%s is up to date now".formatted(directory.root()));
    }
    return String.join("\n", lines);
  }

  private String word(RenderedDirectory.Kind kind) {
    boolean looking = check || diff;
    return switch (kind) {
      case MISSING -> looking ? "missing" : "new";
      case DIFFERENT -> looking ? "differs" : "changed";
      case STALE -> looking ? "stale" : "removed";
    };
  }
}
