package dev.clusterctl.mysql;

import dev.clusterctl.dialect.ServerVersion;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A real MySQL server in a directory of its own, on a free port of 127.0.0.1; account {@code root}
 * without a password. It has no Group Replication plugin.
 *
 * <p>The build unpacks the servers to {@code target/mysql} (phase generate-test-resources). They
 * run on Linux amd64 only, where tests that need them are skipped elsewhere; they need libaio1.
 */
public final class RealServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** The servers there are. */
  public enum Release {
    MYSQL_5_7_22(new ServerVersion(5, 7, 22)),
    MYSQL_8_0_12(new ServerVersion(8, 0, 12));

    private final ServerVersion version;

    Release(ServerVersion version) {
      this.version = version;
    }

    public ServerVersion version() {
      return version;
    }
  }

  private final Path base;
  private final Path directory;
  private final int port;
  private Process process;

  private RealServer(Path base, Path directory, int port) {
    this.base = base;
    this.directory = directory;
    this.port = port;
  }

  /** A server with nothing but its defaults. */
  public static RealServer start(Release release) {
    return start(release, "[mysqld]\n");
  }

  /**
   * A server with the given option file, which is used for making the data directory too. What
   * would collide with other servers (port, paths, address) is overridden.
   *
   * @throws IllegalStateException if it doesn't start; with the end of its error log
   */
  public static RealServer start(Release release, String optionFile) {
    try {
      Path base = unpacked(release);
      RealServer server =
          new RealServer(base, Files.createTempDirectory("clusterctl-mysql-"), freePort());
      try {
        Files.writeString(server.directory.resolve("my.cnf"), optionFile);
        server.initialize();
        server.start();
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("can't start MySQL " + release.version(), e);
    }
  }

  public int port() {
    return port;
  }

  /** The process: to stop it, freeze it or kill it. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  public Path errorLog() {
    return directory.resolve("error.log");
  }

  /** What the server wrote in its error log so far. */
  public String errorLogText() {
    try {
      return Files.exists(errorLog()) ? Files.readString(errorLog()) : "";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A JDBC URL for MySQL Connector/J; TLS off, as a current JDK can't talk TLS to 5.7.22. */
  public String url() {
    return "jdbc:mysql://127.0.0.1:"
        + port
        + "/?sslMode=DISABLED&allowPublicKeyRetrieval=true&connectionTimeZone=UTC";
  }

  /** A new session of {@code root}. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), "root", "");
  }

  /** Starts it again after it was stopped or killed. */
  public void start() throws IOException {
    process =
        command(
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + directory.resolve("mysql.sock"),
                "--pid-file=" + directory.resolve("mysqld.pid"))
            .start();
    awaitAnswer();
  }

  /** Stops it in good order, and waits for that. */
  public void stop() {
    process.destroy();
    awaitEnd();
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      kill();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new IllegalStateException("can't remove " + directory, e);
    }
  }

  private void initialize() throws IOException {
    Path accounts = directory.resolve("accounts.sql");
    // With skip_name_resolve, root@localhost doesn't match a TCP connection from 127.0.0.1.
    Files.writeString(
        accounts,
        """
        CREATE USER 'root'@'127.0.0.1';
        GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
        """);
    Process initialization =
        command(
                "--initialize-insecure",
                "--super-read-only=OFF",
                "--read-only=OFF",
                "--init-file=" + accounts)
            .start();
    try {
      if (!initialization.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        initialization.destroyForcibly();
        throw failure("making the data directory took more than " + START_LIMIT);
      }
    } catch (InterruptedException e) {
      initialization.destroyForcibly();
      Thread.currentThread().interrupt();
      throw failure("interrupted while making the data directory");
    }
    if (initialization.exitValue() != 0) {
      throw failure("making the data directory failed: status " + initialization.exitValue());
    }
  }

  private ProcessBuilder command(String... more) {
    List<String> words = new ArrayList<>();
    words.add(base.resolve("bin/mysqld").toString());
    words.add("--defaults-file=" + directory.resolve("my.cnf"));
    words.add("--basedir=" + base);
    words.add("--datadir=" + directory.resolve("data"));
    words.add("--lc-messages-dir=" + base.resolve("share"));
    words.add("--character-sets-dir=" + base.resolve("share/charsets"));
    words.add("--secure-file-priv=NULL");
    words.add("--log-error=" + errorLog());
    words.add("--tmpdir=" + directory);
    // As root it refuses to run without being told so; for anyone else the option does nothing.
    words.add("--user=" + System.getProperty("user.name"));
    words.addAll(List.of(more));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output.log").toFile()));
  }

  private void awaitAnswer() {
    Instant deadline = Instant.now().plus(START_LIMIT);
    SQLException last = null;
    while (Instant.now().isBefore(deadline)) {
      if (!process.isAlive()) {
        throw failure("mysqld ended with status " + process.exitValue());
      }
      try (Connection connection = connect()) {
        connection.isValid(5);
        return;
      } catch (SQLException e) {
        last = e;
      }
      try {
        process.waitFor(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failure("interrupted while waiting for mysqld");
      }
    }
    throw failure("no answer within " + START_LIMIT + "; last: " + last);
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw failure("mysqld didn't end within " + START_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted while waiting for mysqld to end");
    }
  }

  private IllegalStateException failure(String what) {
    StringBuilder text = new StringBuilder(what);
    for (String name : List.of("output.log", "error.log")) {
      Path file = directory.resolve(name);
      if (Files.exists(file)) {
        try {
          List<String> lines =
              new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
          lines
              .subList(Math.max(0, lines.size() - 15), lines.size())
              .forEach(line -> text.append("\n  ").append(line));
        } catch (IOException e) {
          text.append("\n  can't read ").append(file);
        }
      }
    }
    if (text.indexOf("libaio.so.1") >= 0) {
      text.append("\nInstall libaio1 (Debian, Ubuntu: apt-get install libaio1) and try again.");
    }
    return new IllegalStateException(text.toString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Unpacks the server's archive, once; other test processes may be doing the same. */
  private static Path unpacked(Release release) throws IOException {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      throw new TestAbortedException("the real MySQL servers run on Linux amd64, not on " + system);
    }
    Path home = Path.of("target", "mysql", release.version().toString()).toAbsolutePath();
    Path done = home.resolve("server");
    if (Files.isDirectory(done)) {
      return done;
    }
    Path archive = home.resolve("mysql-Linux-amd64.tar.gz");
    if (!Files.exists(archive)) {
      throw new IllegalStateException(
          archive + " is missing: run the tests through Maven, which unpacks it");
    }
    Path fresh = Files.createTempDirectory(home, "unpacking-");
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", fresh.toString())
            .inheritIO()
            .start();
    try {
      if (tar.waitFor() != 0) {
        throw new IOException("can't unpack " + archive);
      }
      Files.move(fresh, done, StandardCopyOption.ATOMIC_MOVE);
    } catch (InterruptedException e) {
      tar.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while unpacking " + archive, e);
    } catch (IOException e) {
      if (!Files.isDirectory(done)) {
        throw e;
      }
    }
    return done;
  }
}
