package dev.clusterctl.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code clusterctl man}. */
@Command(
    name = "man",
    description = "Print the manual page, or write those of all commands to a directory.")
final class ManCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Clusterctl root;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write clusterctl.1 and clusterctl-COMMAND.1 there.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Map<String, String> pages = ManPages.of(Clusterctl.commandLine(root.shell()));
    if (out == null) {
      root.shell().out().print(pages.get("clusterctl.1"));
      return ExitCode.OK.code();
    }
    Files.createDirectories(out);
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Files.writeString(out.resolve(page.getKey()), page.getValue());
    }
    Results.show(
        root,
        "written",
        Map.of("directory", out.toString(), "files", pages.keySet()),
        () -> "wrote %d manual pages to %s".formatted(pages.size(), out));
    return ExitCode.OK.code();
  }
}
