package dev.clusterctl.proxy;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real ProxySQL in a directory of its own, as a package leaves it: account admin, admin. */
final class ProxySqlBinary implements AutoCloseable {
  /** Property or environment variable with the path of a binary. */
  static final String GIVEN = "CLUSTERCTL_PROXYSQL";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final int port;
  final int adminPort;
  private final Path binary;
  private final Path directory;
  private Process process;

  private ProxySqlBinary(Path binary, Path directory) throws IOException {
    this.binary = binary;
    this.directory = directory;
    this.port = freePort();
    this.adminPort = freePort();
    Files.writeString(
        directory.resolve("proxysql.cnf"),
        """
        datadir="%s"
        admin_variables={ admin_credentials="admin:admin" mysql_ifaces="0.0.0.0:%d" }
        mysql_variables={ threads=2 interfaces="0.0.0.0:%d" }
        """
            .formatted(directory, adminPort, port));
    this.process = launch();
  }

  /** The binary that is given, or the one on the PATH. */
  static Optional<Path> find() {
    String given = System.getProperty(GIVEN, System.getenv(GIVEN));
    Stream<Path> places =
        given != null
            ? Stream.of(Path.of(given))
            : Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(d -> Path.of(d, "proxysql"));
    return places.filter(Files::isExecutable).findFirst();
  }

  static ProxySqlBinary start(Path binary, Path directory) throws IOException {
    return new ProxySqlBinary(binary, directory);
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(
            binary.toString(),
            "-f",
            "-c",
            directory.resolve("proxysql.cnf").toString(),
            "-D",
            directory.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
        .start();
  }

  /** As after {@code systemctl restart}: what is on disk is what it starts with. */
  void restart() throws IOException {
    stop();
    process = launch();
  }

  /** Waits for it; starts it again where it died, as its service does: 1.4.16 at times crashes. */
  ProxySqlAdmin connect(int atPort, String password) {
    return Awaitility.await("ProxySQL's admin interface")
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(
            e -> e instanceof ProxySqlException p && p.kind() == ProxySqlException.Kind.CONNECTION)
        .until(
            () -> {
              if (!process.isAlive()) {
                process = launch();
              }
              return ProxySqlAdmin.connect("proxy", atPort, password);
            },
            a -> true);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void stop() {
    // In the foreground it has no monitor process; SIGKILL is what it must get over, too.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    stop();
  }
}
