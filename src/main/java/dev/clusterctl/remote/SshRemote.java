package dev.clusterctl.remote;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import dev.clusterctl.remote.RemoteException.Kind;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A machine over SSH. One session, opened when first needed and again when it broke; commands run
 * side by side in channels of it.
 *
 * <p>Listeners of a command's lines are called in the thread that runs the command.
 */
public final class SshRemote implements Remote {
  private static final Logger LOG = LoggerFactory.getLogger(SshRemote.class);

  // OpenSSH allows ten channels in a session (MaxSessions) unless told otherwise.
  private static final int COMMANDS_AT_A_TIME = 8;
  private static final int KILLERS_AT_A_TIME = 2;

  /** Beyond a command's time-out: for its end on the machine to be reported to us. */
  private static final Duration GRACE = RemoteShell.KILL_AFTER.plusSeconds(2);

  // JSch loses interrupts while it waits for an answer, so those waits happen in these threads.
  private static final ExecutorService WAITERS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "ssh");
            thread.setDaemon(true);
            return thread;
          });

  private final String machine;
  private final EndpointSource source;
  private final SshOptions options;
  private final ReentrantLock connecting = new ReentrantLock();
  private final Semaphore commands = new Semaphore(COMMANDS_AT_A_TIME, true);
  private final Semaphore killers = new Semaphore(KILLERS_AT_A_TIME, true);
  private final Map<Target, Integer> tunnels = new LinkedHashMap<>();
  private @Nullable Connection connection;

  private record Connection(Session session, String user) {}

  private record Target(String host, int port) {}

  /** A machine whose place is found out at every new connection. */
  public SshRemote(String machine, EndpointSource source, SshOptions options) {
    this.machine = machine;
    this.source = source;
    this.options = options;
  }

  /** A machine at a known place. */
  public SshRemote(Endpoint endpoint) {
    this(endpoint.machine(), () -> endpoint, SshOptions.DEFAULT);
  }

  @Override
  public String machine() {
    return machine;
  }

  @Override
  public Result run(Command command) throws RemoteException {
    return run(
        command.title(),
        command.script(),
        bytes(command.stdin().getBytes(StandardCharsets.UTF_8)),
        command.timeout(),
        command.onLine());
  }

  private Result run(
      String title, String script, Stdin stdin, Duration timeout, Consumer<String> onLine)
      throws RemoteException {
    try {
      commands.acquire();
    } catch (InterruptedException e) {
      throw interrupted(title, e);
    }
    long start = System.nanoTime();
    try {
      Result result = runOnce(title, script, stdin, timeout, onLine);
      LOG.debug(
          "{}: '{}' ended with {} after {} ms", machine, title, result.status(), since(start));
      return result;
    } catch (RemoteException e) {
      LOG.debug("{}: '{}' failed after {} ms: {}", machine, title, since(start), e.getMessage());
      throw e;
    } finally {
      commands.release();
    }
  }

  private Result runOnce(
      String title, String script, Stdin stdin, Duration timeout, Consumer<String> onLine)
      throws RemoteException {
    String mark = "run-" + UUID.randomUUID();
    return await(title, timeout, start(title, script, stdin, timeout, onLine, mark), mark);
  }

  @Override
  public Result stream(Command command, InputStream in, OutputStream out) throws RemoteException {
    String title = command.title();
    String mark = "run-" + UUID.randomUUID();
    // Whoever is slow at the other end stops the whole session: so it is nobody else's, and what
    // ends the command goes another way.
    Connection own = connect(title);
    long begin = System.nanoTime();
    Callable<Execution> open =
        () -> {
          Execution execution =
              new Execution(
                  own.session(),
                  RemoteShell.line(own.user(), command.script(), command.timeout(), mark),
                  in,
                  Optional.of(out),
                  command.onLine());
          execution.start(options.connectTimeout());
          return execution;
        };
    try {
      Execution execution = WAITERS.submit(open).get();
      Connection toEndIt = connection(title);
      return await(title, command.timeout(), new Running(toEndIt, execution, begin), mark);
    } catch (InterruptedException e) {
      throw interrupted(title, e);
    } catch (ExecutionException e) {
      throw new RemoteException(
          Kind.CONNECTION,
          "%s: '%s' can't be started: %s".formatted(machine, title, messageOf(e.getCause())),
          List.of(),
          "",
          e.getCause());
    } finally {
      own.session().disconnect();
      closeQuietly(in);
      closeQuietly(out);
    }
  }

  private void closeQuietly(Closeable stream) {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.debug("{}: a stream could not be closed: {}", machine, e.toString());
    }
  }

  /** Waits for the end of a command that was started. */
  private Result await(String title, Duration timeout, Running running, String mark)
      throws RemoteException {
    Execution execution = running.execution();
    long begin = running.begin();
    try {
      Optional<Result> result = execution.await(begin + timeout.plus(GRACE).toNanos());
      if (result.isEmpty()) {
        // The machine itself ends what takes too long; here it can't even do that.
        throw timedOut(title, timeout, execution.soFar(-1));
      }
      boolean late = System.nanoTime() - begin >= timeout.toNanos();
      if (late && endedByTimeout(result.get().status())) {
        throw timedOut(title, timeout, result.get());
      }
      return result.get();
    } catch (InterruptedException e) {
      kill(running.connection(), mark);
      throw interrupted(title, e);
    } catch (Execution.ConnectionLost e) {
      throw new RemoteException(
          Kind.CONNECTION,
          "%s: the connection broke during '%s'".formatted(machine, title),
          execution.soFar(-1).lastLines(8),
          "Whether it was done to its end isn't known. Run the same again: it continues from what"
              + " is there.",
          e);
    } finally {
      execution.close();
    }
  }

  /** {@code timeout} reports 124, or dies by the SIGKILL that it sends to its own group. */
  private static boolean endedByTimeout(int status) {
    return status == 124 || status == 137;
  }

  /**
   * @param connection through which it can be ended
   * @param begin before the machine started the command's clock, by {@link System#nanoTime}
   */
  private record Running(Connection connection, Execution execution, long begin) {}

  private Running start(
      String title,
      String script,
      Stdin stdin,
      Duration timeout,
      Consumer<String> onLine,
      String mark)
      throws RemoteException {
    long patience = System.nanoTime() + options.connectTimeout().toNanos();
    boolean brokenBefore = false;
    while (true) {
      Connection to = connection(title);
      String line = RemoteShell.line(to.user(), script, timeout, mark);
      Callable<Execution> open =
          () -> {
            Execution execution = new Execution(to.session(), line, stdin.open(), onLine);
            execution.start(options.connectTimeout());
            return execution;
          };
      long begin = System.nanoTime();
      Future<Execution> opening = WAITERS.submit(open);
      try {
        return new Running(to, opening.get(), begin);
      } catch (InterruptedException e) {
        kill(to, mark);
        throw interrupted(title, e);
      } catch (ExecutionException e) {
        boolean broken = !to.session().isConnected();
        boolean again =
            neverOpened(e.getCause())
                && (broken ? !brokenBefore : System.nanoTime() - patience < 0);
        if (!again) {
          throw new RemoteException(
              Kind.CONNECTION,
              "%s: '%s' can't be started: %s".formatted(machine, title, messageOf(e.getCause())),
              List.of(),
              "",
              e.getCause());
        }
        brokenBefore = broken;
        if (!broken) {
          breathe(title);
        }
      }
    }
  }

  /**
   * sshd counts a channel until after it told us of its end, so it may refuse one more for a
   * moment.
   */
  private void breathe(String title) throws RemoteException {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw interrupted(title, e);
    }
  }

  /** Whether the command was certainly not sent. */
  private static boolean neverOpened(@Nullable Throwable e) {
    String said = messageOf(e);
    return said.contains("session is down") || said.contains("channel is not opened");
  }

  private static String messageOf(@Nullable Throwable e) {
    return e == null ? "" : String.valueOf(e.getMessage());
  }

  /** Best effort: the command ends by its own time-out if this can't reach it. */
  private void kill(Connection to, String mark) {
    Callable<Void> task =
        () -> {
          killers.acquire();
          try {
            Execution killer =
                new Execution(
                    to.session(),
                    RemoteShell.killer(to.user(), mark),
                    bytes(new byte[0]).open(),
                    line -> {});
            killer.start(options.connectTimeout());
            killer.await(System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
            killer.close();
          } finally {
            killers.release();
          }
          return null;
        };
    try {
      WAITERS.submit(task).get(5, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("{}: a command could not be ended: {}", machine, e.toString());
    } catch (InterruptedException e) {
      // Told to stop twice: the task goes on without us.
      Thread.currentThread().interrupt();
    }
  }

  private Connection connection(String title) throws RemoteException {
    try {
      connecting.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(title, e);
    }
    try {
      Connection current = connection;
      if (current != null && current.session().isConnected()) {
        return current;
      }
      if (current != null) {
        LOG.debug("{}: the session is broken; connecting again", machine);
        current.session().disconnect();
        connection = null;
      }
      Connection fresh = connect(title);
      reopenTunnels(fresh.session());
      connection = fresh;
      return fresh;
    } finally {
      connecting.unlock();
    }
  }

  private Connection connect(String title) throws RemoteException {
    Endpoint endpoint = source.endpoint();
    Connector connector = new Connector(endpoint, options);
    long start = System.nanoTime();
    Future<Session> opening = WAITERS.submit(connector::connect);
    try {
      Session session = opening.get();
      LOG.debug(
          "{}: connected to {}@{}:{} in {} ms",
          machine,
          endpoint.user(),
          endpoint.host(),
          endpoint.port(),
          since(start));
      return new Connection(session, endpoint.user());
    } catch (InterruptedException e) {
      WAITERS.submit(() -> disconnectWhenOpen(opening));
      throw interrupted(title, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RemoteException known) {
        throw known;
      }
      throw new RemoteException(
          Kind.CONNECTION,
          "%s: can't connect: %s".formatted(machine, messageOf(e.getCause())),
          List.of(),
          "",
          e.getCause());
    }
  }

  private static void disconnectWhenOpen(Future<Session> opening) {
    try {
      opening.get().disconnect();
    } catch (InterruptedException | ExecutionException e) {
      LOG.debug("an abandoned connection never came to be: {}", e.toString());
    }
  }

  @Override
  public void put(RemoteFile file) throws RemoteException {
    RemoteFileWriter writer = new RemoteFileWriter(file);
    Result result =
        run(
            "write " + file.path(),
            writer.script(),
            bytes(file.content()),
            RemoteFileWriter.timeout(file.content().length),
            line -> {});
    if (!result.ok()) {
      throw writer.failed(machine, result);
    }
  }

  @Override
  public void send(Upload file) throws RemoteException {
    RemoteFileWriter writer = new RemoteFileWriter(file);
    if (run(Command.shell("look at " + file.path(), writer.isThere())
            .withTimeout(RemoteFileWriter.timeout(file.size())))
        .ok()) {
      return;
    }
    Result result =
        run(
            "write " + file.path(),
            writer.script(),
            () -> new CountingInputStream(Files.newInputStream(file.source()), file.sent()),
            RemoteFileWriter.timeout(file.size()),
            line -> {});
    if (!result.ok()) {
      throw writer.failed(machine, result);
    }
  }

  /** What a command reads. Opened anew for each attempt to start it. */
  @FunctionalInterface
  private interface Stdin {
    InputStream open() throws IOException;
  }

  private static Stdin bytes(byte[] content) {
    return () -> new ByteArrayInputStream(content);
  }

  /**
   * {@inheritDoc}
   *
   * <p>A tunnel breaks with the session that carries it, and is there again, on the same port, as
   * soon as the session is: whoever connects through one asks for it each time, which costs nothing
   * while the session lives.
   */
  @Override
  public int tunnel(String host, int port) throws RemoteException {
    String title = "tunnel to " + host + ":" + port;
    Target target = new Target(host, port);
    connecting.lock();
    try {
      Connection to = connection(title);
      Integer open = tunnels.get(target);
      if (open != null) {
        return open;
      }
      int local = forward(to.session(), 0, target);
      tunnels.put(target, local);
      LOG.debug("{}: {} is at port {}", machine, title, local);
      return local;
    } catch (JSchException e) {
      throw new RemoteException(
          Kind.CONNECTION,
          "%s: can't open a %s: %s".formatted(machine, title, e.getMessage()),
          List.of(),
          "",
          e);
    } finally {
      connecting.unlock();
    }
  }

  private void reopenTunnels(Session session) {
    Map<Target, Integer> before = new LinkedHashMap<>(tunnels);
    tunnels.clear();
    before.forEach(
        (target, local) -> {
          try {
            tunnels.put(target, forward(session, local, target));
          } catch (JSchException e) {
            // Somebody took the port meanwhile: whoever asks again gets another.
            LOG.debug("{}: port {} is taken: {}", machine, local, e.getMessage());
          }
        });
  }

  private int forward(Session session, int local, Target target) throws JSchException {
    return session.setPortForwardingL(
        "127.0.0.1",
        local,
        target.host(),
        target.port(),
        null,
        Math.toIntExact(options.connectTimeout().toMillis()));
  }

  @Override
  public void close() {
    connecting.lock();
    try {
      if (connection != null) {
        connection.session().disconnect();
        connection = null;
      }
      tunnels.clear();
    } finally {
      connecting.unlock();
    }
  }

  private RemoteException timedOut(String title, Duration timeout, Result soFar) {
    return new RemoteException(
        Kind.TIMEOUT,
        "%s: '%s' took longer than %s and was killed".formatted(machine, title, words(timeout)),
        soFar.lastLines(8),
        "",
        null);
  }

  private RemoteException interrupted(String title, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new RemoteException(
        Kind.INTERRUPTED, "%s: '%s' was interrupted".formatted(machine, title), List.of(), "", e);
  }

  private static String words(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  private static long since(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
