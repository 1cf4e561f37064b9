package dev.clusterctl.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterctl.cli.InProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A directory with a cluster.yaml, and the program at work on it. When it is closed nothing of the
 * cluster is left, whatever happened before.
 */
final class Playground implements AutoCloseable {
  private final String name;
  private final Path file;

  /**
   * @param name the cluster's, as in its file
   */
  Playground(Path directory, String name, String yaml) throws IOException {
    this.name = name;
    this.file = directory.resolve("cluster.yaml");
    write(yaml);
  }

  /** Writes another cluster.yaml in the old one's place. */
  void write(String yaml) throws IOException {
    Files.writeString(file, yaml);
  }

  /** Replaces a text that must be in the cluster.yaml. */
  void edit(String from, String to) throws IOException {
    String before = Files.readString(file);
    assertThat(before).contains(from);
    write(before.replace(from, to));
  }

  Path file() {
    return file;
  }

  /** The cluster's state directory. */
  Path state() {
    return file.resolveSibling(".clusterctl").resolve(name);
  }

  /** The password of the first database's account. */
  String password() {
    List<?> databases =
        (List<?>) good("connection", "--show-secrets").event("connection").get("databases");
    return String.valueOf(((Map<?, ?>) databases.get(0)).get("password"));
  }

  /** An application of the database {@code app} that begins to write. */
  SteadyWriter writer(String address) throws SQLException {
    return new SteadyWriter("jdbc:mysql://" + address + "/app", "app", password());
  }

  /** Runs the program in this process. */
  Outcome run(String... args) {
    return run(Map.of(), args);
  }

  /** Runs the program in this process, with more in its environment. */
  Outcome run(Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> all = new TreeMap<>(System.getenv());
    all.putAll(environment);
    int code =
        InProcess.run(
            Stream.concat(Stream.of("-f", file.toString()), Stream.of(args)).toArray(String[]::new),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            all);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs the program in this process, which must end well; with {@code --output json}. */
  Outcome good(String... args) {
    Outcome outcome =
        run(Stream.concat(Stream.of("--output=json"), Stream.of(args)).toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.said()).isZero();
    return outcome;
  }

  /** The program as a process of its own: for what hands its streams on, and what gets killed. */
  List<String> program(String... args) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.clusterctl.cli.Main",
                "-f",
                file.toString()));
    words.addAll(List.of(args));
    return words;
  }

  /** Runs the program as a process of its own. */
  Outcome process(String... args) throws IOException, InterruptedException {
    return Host.run(Map.of(), program(args));
  }

  /** What a shell command prints on a machine that is a container of this cluster. */
  String inside(String machine, String script) throws IOException, InterruptedException {
    return Host.docker("exec", container(machine), "bash", "-c", script);
  }

  /** A query's answer from a node's server, asked as its root: columns by tabs, rows by lines. */
  String query(String node, String sql) throws IOException, InterruptedException {
    return Host.docker("exec", container(node), "mysql", "--no-defaults", "-uroot", "-BNe", sql);
  }

  /** The name of a machine's container. */
  String container(String machine) {
    return "clusterctl-" + name + "-" + machine;
  }

  @SuppressWarnings("unchecked")
  List<Map<String, Object>> nodes(Outcome status) {
    return (List<Map<String, Object>>) status.event("status").get("nodes");
  }

  /** What the Docker engine has of this cluster: containers and networks, a line each. */
  List<String> leftovers() throws IOException, InterruptedException {
    List<String> found = new ArrayList<>();
    Host.docker("ps", "-a", "--filter=label=dev.clusterctl.cluster=" + name, "--format={{.Names}}")
        .lines()
        .forEach(found::add);
    Host.docker(
            "network", "ls", "--filter=label=dev.clusterctl.cluster=" + name, "--format={{.Name}}")
        .lines()
        .forEach(found::add);
    return found;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (String left : leftovers()) {
      Host.run("docker", "rm", "--force", "--volumes", left);
      Host.run("docker", "network", "rm", left);
    }
  }
}
