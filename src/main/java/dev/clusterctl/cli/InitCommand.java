package dev.clusterctl.cli;

import dev.clusterctl.topology.InitTemplate;
import dev.clusterctl.topology.Machines;
import dev.clusterctl.topology.NodeName;
import dev.clusterctl.topology.Replication;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code clusterctl init}. */
@Command(name = "init", description = "Write a commented cluster.yaml to begin with.")
final class InitCommand implements Callable<Integer> {
  /** A group has no more members. */
  private static final int MOST_NODES = 9;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Clusterctl root;

  @Option(names = "--force", description = "Overwrite a file that is there.")
  private boolean force;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The cluster's name (default: sandbox).")
  private String name = "sandbox";

  @Option(
      names = "--provider",
      paramLabel = "PROVIDER",
      description = "Where machines come from: ${COMPLETION-CANDIDATES} (default: DOCKER).")
  private Machines.Provider provider = Machines.Provider.DOCKER;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      converter = TypeConverter.class,
      completionCandidates = TypeConverter.Candidates.class,
      description = "How they replicate: ${COMPLETION-CANDIDATES} (default: group).")
  private Replication.Type type = Replication.Type.GROUP;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many MySQL nodes, 1 to 9 (default: 3).")
  private int nodes = 3;

  /** By the words that cluster.yaml has for them. */
  private static final class TypeConverter implements ITypeConverter<Replication.Type> {
    @Override
    public Replication.Type convert(String value) {
      return Stream.of(Replication.Type.values())
          .filter(type -> Replication.label(type).equals(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is none of %s".formatted(value, String.join(", ", new Candidates()))));
    }

    /** For help and completion. */
    private static final class Candidates implements Iterable<String> {
      @Override
      public Iterator<String> iterator() {
        return Stream.of(Replication.Type.values()).map(t -> Replication.label(t)).iterator();
      }
    }
  }

  @Override
  public Integer call() throws IOException, UsageException {
    if (!NodeName.isValid(name)) {
      throw new UsageException(
          "'%s' is not a cluster's name".formatted(name),
          "lower-case letters, digits and hyphens, a letter first");
    }
    if (nodes < 1 || nodes > MOST_NODES) {
      throw new UsageException("--nodes must be 1 to %d, not %d".formatted(MOST_NODES, nodes), "");
    }
    Path file = root.file();
    OpenOption[] how =
        force
            ? new OpenOption[] {
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING
            }
            : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
    try {
      Files.writeString(file, InitTemplate.text(name, provider, type, nodes), how);
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(
          file + " is there already", "--force overwrites it; -f names another");
    }
    Results.show(
        root,
        "written",
        Map.of("file", file.toString()),
        () -> "wrote %s: look through it, then run clusterctl up".formatted(file));
    return ExitCode.OK.code();
  }
}
