package dev.clusterctl.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The two ends on this side of a command's pipe, neither of which is closed. JSch's threads, which
 * read and write them, keep what goes wrong there to themselves; here it is remembered.
 */
final class PipeEnds {
  private final InputStream input;
  private final OutputStream output;
  private final AtomicReference<IOException> failure = new AtomicReference<>();

  PipeEnds(InputStream input, OutputStream output) {
    this.input = new Watched(input);
    this.output = output;
  }

  InputStream input() {
    return input;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      output.write(bytes, offset, length);
    } catch (IOException e) {
      throw remembered(e);
    }
  }

  /** Why reading or writing on this side failed first, if it did. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure.get());
  }

  private IOException remembered(IOException e) {
    failure.compareAndSet(null, e);
    return e;
  }

  private final class Watched extends FilterInputStream {
    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        throw remembered(e);
      }
    }

    @Override
    public void close() {
      // It belongs to the caller.
    }
  }
}
