package dev.clusterctl.cli;

import dev.clusterctl.topology.JsonSchema;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code clusterctl schema}: the same in every output format, as it is JSON already. */
@Command(name = "schema", description = "Print the JSON Schema of cluster.yaml, for editors.")
final class SchemaCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Clusterctl root;

  @Override
  public Integer call() {
    root.shell().out().print(JsonSchema.text());
    return ExitCode.OK.code();
  }
}
