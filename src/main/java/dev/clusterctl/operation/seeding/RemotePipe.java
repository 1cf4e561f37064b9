package dev.clusterctl.operation.seeding;

import dev.clusterctl.mysql.SchemaSize;
import dev.clusterctl.operation.Background;
import dev.clusterctl.remote.Command;
import dev.clusterctl.remote.Remote;
import dev.clusterctl.remote.RemoteException;
import dev.clusterctl.remote.Result;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** What one machine's command writes is what another machine's command reads. */
final class RemotePipe {
  /** Before the checksum that the donor's command prints at the end, on standard error. */
  static final String SUM = "clusterctl: sha256 ";

  private static final int BUFFER = 4 * 1024 * 1024;
  private static final long TOLD_EVERY = 16L * 1024 * 1024;

  private final Remote donor;
  private final Remote recipient;

  RemotePipe(Remote donor, Remote recipient) {
    this.donor = donor;
    this.recipient = recipient;
  }

  /**
   * How it went.
   *
   * @param donorSaid of the donor's command, with what it printed on standard error
   * @param arrived the checksum of what the recipient got
   */
  record Sums(Result donorSaid, String arrived, String machine) {

    /**
     * @throws RemoteException if what arrived isn't what was sent
     */
    void requireEqual() throws RemoteException {
      String sent =
          donorSaid
              .err()
              .lines()
              .filter(line -> line.startsWith(SUM))
              .reduce("", (first, second) -> second);
      if (!sent.equals(SUM + arrived) || arrived.isEmpty()) {
        throw new RemoteException(
            RemoteException.Kind.COMMAND,
            machine + ": the copy that arrived is not the one that was sent (SHA-256 differs)",
            List.of(),
            "run the same again",
            null);
      }
    }
  }

  /**
   * Runs both to their ends.
   *
   * @param expected how many bytes there will be, about
   * @throws RemoteException if one of them fails: of two that do, the one that failed by itself
   */
  Sums run(Command write, Command read, long expected, Consumer<String> progress)
      throws IOException, InterruptedException {
    PipedInputStream end = new PipedInputStream(BUFFER);
    OutputStream begin = new Counting(new PipedOutputStream(end), expected, progress);
    CompletableFuture<Result> writing =
        Background.call(() -> donor.stream(write, InputStream.nullInputStream(), begin));
    ByteArrayOutputStream sum = new ByteArrayOutputStream();
    IOException recipientFailed = null;
    try {
      // Its end closes the pipe, and so ends the donor, too.
      Result result = recipient.stream(read, end, sum);
      if (!result.ok()) {
        recipientFailed = RemoteException.commandFailed(recipient.machine(), read, result);
      }
    } catch (IOException e) {
      recipientFailed = e;
    }
    Result written;
    try {
      written = writing.get();
    } catch (ExecutionException e) {
      throw recipientFailed == null ? Background.asIoException(e) : recipientFailed;
    }
    if (!written.ok()) {
      throw RemoteException.commandFailed(donor.machine(), write, written);
    }
    if (recipientFailed != null) {
      throw recipientFailed;
    }
    return new Sums(written, sum.toString(StandardCharsets.UTF_8).strip(), recipient.machine());
  }

  /** Passes on, and tells how much. */
  private static final class Counting extends FilterOutputStream {
    private final long expected;
    private final Consumer<String> progress;
    private long written;
    private long told;

    Counting(OutputStream to, long expected, Consumer<String> progress) {
      super(to);
      this.expected = expected;
      this.progress = progress;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      // Wakes the reader, who would otherwise look once a second.
      out.flush();
      written += length;
      if (written - told >= TOLD_EVERY) {
        told = written;
        progress.accept(
            "%s of about %s".formatted(SchemaSize.size(written), SchemaSize.size(expected)));
      }
    }
  }
}
