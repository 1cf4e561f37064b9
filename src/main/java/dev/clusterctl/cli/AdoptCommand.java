package dev.clusterctl.cli;

import dev.clusterctl.mysql.Credentials;
import dev.clusterctl.operation.Adoption;
import dev.clusterctl.topology.AdoptedFile;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code clusterctl adopt}. */
@Command(
    name = "adopt",
    description = {
      "Write a cluster.yaml for an InnoDB Cluster that is there already, such as one that MySQL"
          + " Shell built.",
      "Reads the metadata, the group and its variables, through MySQL's own protocol; changes"
          + " nothing. The password is asked for, or read from standard input."
    })
final class AdoptCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Clusterctl root;

  @Option(
      names = "--host",
      required = true,
      paramLabel = "HOST",
      description = "A member of the cluster, by name or address.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private String host;

  @Option(names = "--port", paramLabel = "PORT", description = "Its port (default: 3306).")
  private int port = 3306;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "An account that may read everything (default: clusteradmin).")
  private String user = "clusteradmin";

  @Option(
      names = "--ssh-user",
      paramLabel = "USER",
      description =
          "For the file: whom clusterctl is to log in as on the machines (default: root).")
  private String sshUser = "root";

  @Option(
      names = "--identity-file",
      paramLabel = "FILE",
      description = "For the file: the private key for that (default: ~/.ssh/id_ed25519).")
  private String identityFile = "~/.ssh/id_ed25519";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The file to write; must not be there yet (default: cluster.yaml).")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException, UsageException {
    Path file = out == null ? root.file() : out;
    if (Files.exists(file)) {
      throw new UsageException(file + " is there already", "--out names another");
    }
    AdoptedFile adopted =
        new Adoption(new Credentials(user, password()), sshUser, identityFile).read(host, port);
    try {
      Files.writeString(
          file, adopted.text(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(file + " is there already", "--out names another");
    }
    Results.show(
        root,
        "adopted",
        Map.of(
            "file", file.toString(),
            "cluster", adopted.name(),
            "nodes", adopted.nodes().stream().map(n -> n.name().value()).toList()),
        () ->
            "wrote %s: look through it, then run clusterctl -f %s validate and plan"
                .formatted(file, file));
    return ExitCode.OK.code();
  }

  private String password() throws IOException, UsageException {
    Console console = System.console();
    if (root.shell().inIsTerminal() && console != null) {
      char[] typed = console.readPassword("password of %s: ", user);
      return typed == null ? "" : new String(typed);
    }
    String line =
        new BufferedReader(new InputStreamReader(root.shell().in(), StandardCharsets.UTF_8))
            .readLine();
    if (line == null) {
      throw new UsageException(
          "nobody is there to type the password of " + user,
          "give it on standard input: clusterctl adopt … < FILE");
    }
    return line;
  }
}
