package dev.clusterctl.operation.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** A stream that knows how much was read of it. Read in one thread, asked in any. */
final class Counted extends FilterInputStream {
  private final AtomicLong count = new AtomicLong();
  private final LongConsumer listener;

  Counted(InputStream in, LongConsumer listener) {
    super(in);
    this.listener = listener;
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    add(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = in.read(bytes, offset, length);
    add(Math.max(n, 0));
    return n;
  }

  private void add(int n) {
    listener.accept(count.addAndGet(n));
  }

  /** How many bytes were read. */
  long count() {
    return count.get();
  }
}
