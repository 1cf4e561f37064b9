package dev.clusterctl.load;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * A file of SQL statements, plain or compressed with gzip or zstd: its first bytes tell, whatever
 * it is called.
 */
public record DumpFile(Path path) {
  private static final int[] GZIP = {0x1f, 0x8b};
  private static final int[] ZSTD = {0x28, 0xb5, 0x2f, 0xfd};
  private static final int BLOCK = 1 << 16;

  /**
   * Opens it.
   *
   * @throws LoadException if it isn't there, is no regular file, or isn't a text of SQL
   */
  public Content open() throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new LoadException(
          "%s: %s".formatted(path, Files.exists(path) ? "is no regular file" : "no such file"),
          "a dump is read twice, first to look whether it fits: it must be a file");
    }
    Counter file = new Counter(Files.newInputStream(path));
    try {
      BufferedInputStream buffered = new BufferedInputStream(file, BLOCK);
      buffered.mark(ZSTD.length);
      byte[] head = buffered.readNBytes(ZSTD.length);
      buffered.reset();
      if (begins(head, ZSTD)) {
        return new Content(new Whole(new ZstdInputStream(buffered)), file);
      }
      return new Content(
          begins(head, GZIP) ? new GZIPInputStream(buffered, BLOCK) : buffered, file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Its size in bytes, as it lies on disk. */
  public long size() throws IOException {
    return Files.size(path);
  }

  /** Its name without directories. */
  public String name() {
    return String.valueOf(path.getFileName());
  }

  private static boolean begins(byte[] head, int[] magic) {
    return head.length >= magic.length
        && Arrays.equals(
            Arrays.stream(magic).map(i -> (byte) i).toArray(),
            java.util.stream.IntStream.range(0, magic.length).map(i -> head[i]).toArray());
  }

  /** The text, unpacked as it is read. */
  public static final class Content extends FilterInputStream {
    private final Counter file;

    private Content(InputStream text, Counter file) {
      super(text);
      this.file = file;
    }

    /** How many bytes of the file, as it lies on disk, have been read so far. */
    public long bytesOfFile() {
      return file.bytes;
    }
  }

  private static final class Counter extends FilterInputStream {
    private long bytes;

    Counter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      bytes += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int n = super.read(to, offset, length);
      bytes += Math.max(0, n);
      return n;
    }
  }

  /** The unpacker tells of damage, a truncated file too, by several kinds of exceptions. */
  private static final class Whole extends FilterInputStream {
    Whole(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      try {
        return super.read(to, offset, length);
      } catch (io.airlift.compress.MalformedInputException e) {
        throw new EOFException("damaged zstd data: " + e.getMessage());
      }
    }
  }
}
