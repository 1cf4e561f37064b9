package dev.clusterctl.remote;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One command in its own channel. JSch's reader thread only puts what arrives into a queue, so
 * neither stream can block the other, other channels, or the keep-alive; the caller's thread takes
 * it out and tells the listener.
 */
final class Execution {
  private enum Source {
    OUT,
    ERR,
    END
  }

  private record Chunk(Source source, byte[] bytes) {}

  private final Session session;
  private final ChannelExec channel;
  private final BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
  private final LineSplitter out;
  private final LineSplitter err;
  private boolean ended;

  Execution(Session session, String line, InputStream stdin, Consumer<String> onLine)
      throws JSchException {
    this(session, line, stdin, Optional.empty(), onLine);
  }

  /**
   * @param to where standard output goes, in JSch's reader thread: while that waits, so does
   *     everybody else in this session. Empty: it is kept, for the result.
   */
  Execution(
      Session session,
      String line,
      InputStream stdin,
      Optional<OutputStream> to,
      Consumer<String> onLine)
      throws JSchException {
    this.session = session;
    this.out = new LineSplitter(onLine);
    this.err = new LineSplitter(onLine);
    this.channel = (ChannelExec) session.openChannel("exec");
    channel.setCommand(line.getBytes(StandardCharsets.UTF_8));
    channel.setInputStream(stdin);
    channel.setOutputStream(to.orElseGet(() -> new Sink(Source.OUT)));
    channel.setErrStream(new Sink(Source.ERR));
  }

  /** Opens the channel and starts the command. */
  void start(Duration timeout) throws JSchException {
    try {
      channel.connect(Math.toIntExact(timeout.toMillis()));
    } catch (JSchException e) {
      // JSch 2.28.8 trips over a command that is over before it has finished starting it. All that
      // the command said has come by then, its exit status last.
      if (!(e.getCause() instanceof NullPointerException) || channel.getExitStatus() < 0) {
        throw e;
      }
    }
  }

  /**
   * Waits for the command's end.
   *
   * @return what it left; empty if the deadline passed before that
   * @throws ConnectionLost if the session broke
   */
  Optional<Result> await(long deadlineNanos) throws InterruptedException, ConnectionLost {
    while (true) {
      // The exit status is right only once the channel is closed, which nobody signals; the end of
      // the output does come through the queue, and the close follows within a millisecond or two.
      Chunk chunk = chunks.poll(ended ? 1 : 20, TimeUnit.MILLISECONDS);
      if (chunk != null) {
        deliver(chunk);
      } else if (channel.isClosed() || !session.isConnected()) {
        return Optional.of(result());
      } else if (System.nanoTime() - deadlineNanos > 0) {
        return Optional.empty();
      }
    }
  }

  private Result result() throws ConnectionLost {
    for (Chunk chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
      deliver(chunk);
    }
    out.end();
    err.end();
    String signal = channel.getExitSignal();
    if (signal != null && !signal.isEmpty()) {
      return soFar(Signals.status(signal));
    }
    if (channel.getExitStatus() < 0) {
      throw new ConnectionLost();
    }
    return soFar(channel.getExitStatus());
  }

  private void deliver(Chunk chunk) {
    switch (chunk.source()) {
      case OUT -> out.accept(chunk.bytes());
      case ERR -> err.accept(chunk.bytes());
      case END -> ended = true;
    }
  }

  /** What has been printed up to now. */
  Result soFar(int status) {
    return new Result(status, out.text(), err.text());
  }

  void close() {
    channel.disconnect();
  }

  /** The session broke before the command's end was seen. */
  static final class ConnectionLost extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final class Sink extends OutputStream {
    private final Source source;

    Sink(Source source) {
      this.source = source;
    }

    @Override
    public void write(int b) {
      chunks.add(new Chunk(source, new byte[] {(byte) b}));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      chunks.add(new Chunk(source, Arrays.copyOfRange(bytes, offset, offset + length)));
    }

    @Override
    public void close() {
      chunks.add(new Chunk(Source.END, new byte[0]));
    }
  }
}
