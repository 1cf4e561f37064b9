package dev.clusterctl.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Tells how much was read, after each read. */
final class CountingInputStream extends FilterInputStream {
  private final LongConsumer listener;
  private long count;

  CountingInputStream(InputStream in, LongConsumer listener) {
    super(in);
    this.listener = listener;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    counted(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    counted(n);
    return n;
  }

  private void counted(int n) {
    if (n > 0) {
      count += n;
      listener.accept(count);
    }
  }
}
