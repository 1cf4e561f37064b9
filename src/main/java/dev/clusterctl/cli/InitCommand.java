package dev.clusterctl.cli;

import dev.clusterctl.topology.InitTemplate;
import dev.clusterctl.topology.Machines;
import dev.clusterctl.topology.NodeName;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

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
      names = "--nodes",
      paramLabel = "N",
      description = "How many MySQL nodes, 1 to 9 (default: 3).")
  private int nodes = 3;

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
      Files.writeString(file, InitTemplate.text(name, provider, nodes), how);
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
