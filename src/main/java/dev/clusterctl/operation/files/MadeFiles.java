package dev.clusterctl.operation.files;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Makes files like those that people upload: pictures (PNG), documents (PDF) and videos (an MP4
 * container around noise). Viewers open the first two. Their content is random, so that nothing on
 * the way can make it small, and the same for the same seed.
 */
final class MadeFiles {
  private static final int BUFFER = 1 << 16;

  private final Random random;

  MadeFiles(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Makes files.
   *
   * @param count at least 1
   * @param total bytes of all together, more or less: each file has its share, videos a larger one,
   *     and none less than a picture of one line takes
   */
  List<UploadFile> make(Path directory, int count, long total) throws IOException {
    int shares = 0;
    for (int id = 1; id <= count; id++) {
      shares += share(id);
    }
    List<UploadFile> files = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      long size = total * share(id) / shares;
      Path file = directory.resolve("%03d-%s".formatted(id, kind(id)));
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
        switch (id % 3) {
          case 0 -> video(out, size);
          case 1 -> picture(out, size);
          default -> document(out, size);
        }
      }
      files.add(new UploadFile(id, file, Files.size(file)));
    }
    return files;
  }

  private static String kind(int id) {
    return switch (id % 3) {
      case 0 -> "video.mp4";
      case 1 -> "picture.png";
      default -> "document.pdf";
    };
  }

  private static int share(int id) {
    return id % 3 == 0 ? 6 : 1;
  }

  /** Noise in true colour, 512 pixels wide, as high as the size asks for. */
  private void picture(OutputStream out, long size) throws IOException {
    int width = 512;
    byte[] line = new byte[1 + width * 3];
    int height = (int) Math.min(Math.max(1, size / line.length), Integer.MAX_VALUE);
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    byte[] head = {
      (byte) (width >> 24),
      (byte) (width >> 16),
      (byte) (width >> 8),
      (byte) width,
      (byte) (height >> 24),
      (byte) (height >> 16),
      (byte) (height >> 8),
      (byte) height,
      8,
      2,
      0,
      0,
      0
    };
    chunk(out, "IHDR", head, head.length);
    Deflater stored = new Deflater(Deflater.NO_COMPRESSION);
    try (DeflaterOutputStream pixels =
        new DeflaterOutputStream(new ImageData(out), stored, BUFFER)) {
      for (int y = 0; y < height; y++) {
        random.nextBytes(line);
        line[0] = 0; // the filter: none
        pixels.write(line);
      }
    } finally {
      stored.end();
    }
    chunk(out, "IEND", new byte[0], 0);
  }

  private static void chunk(OutputStream out, String type, byte[] data, int length)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(data, 0, length);
    DataOutputStream numbers = new DataOutputStream(out);
    numbers.writeInt(length);
    numbers.write(name);
    numbers.write(data, 0, length);
    numbers.writeInt((int) sum.getValue());
    numbers.flush();
  }

  /** Each piece that is written becomes a chunk of image data. */
  private static final class ImageData extends OutputStream {
    private final OutputStream out;

    ImageData(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      byte[] data = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
      chunk(out, "IDAT", data, length);
    }
  }

  /** One empty page, and an attachment of noise. */
  private void document(OutputStream out, long size) throws IOException {
    Counting counting = new Counting(out);
    long noise = Math.max(1, size - 700);
    List<Long> offsets = new ArrayList<>();
    counting.text("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n");
    for (String object :
        List.of(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")) {
      offsets.add(counting.count);
      counting.text("%d 0 obj\n%s\nendobj\n".formatted(offsets.size(), object));
    }
    offsets.add(counting.count);
    counting.text("4 0 obj\n<< /Length %d >>\nstream\n".formatted(noise));
    noise(counting, noise);
    counting.text("\nendstream\nendobj\n");
    long table = counting.count;
    counting.text("xref\n0 %d\n0000000000 65535 f \n".formatted(offsets.size() + 1));
    for (long offset : offsets) {
      counting.text("%010d 00000 n \n".formatted(offset));
    }
    counting.text(
        "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            .formatted(offsets.size() + 1, table));
  }

  /** A box that says MP4, and one with noise for its media data. */
  private void video(OutputStream out, long size) throws IOException {
    DataOutputStream boxes = new DataOutputStream(out);
    boxes.writeInt(24);
    boxes.writeBytes("ftypisom");
    boxes.writeInt(0x200);
    boxes.writeBytes("isommp41");
    long noise = Math.max(1, size - 40);
    boxes.writeInt(1); // the size follows, in 64 bits
    boxes.writeBytes("mdat");
    boxes.writeLong(noise + 16);
    noise(boxes, noise);
    boxes.flush();
  }

  private void noise(OutputStream out, long bytes) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (long left = bytes; left > 0; left -= buffer.length) {
      random.nextBytes(buffer);
      out.write(buffer, 0, (int) Math.min(left, buffer.length));
    }
  }

  /** Knows how much went through. */
  private static final class Counting extends OutputStream {
    private final OutputStream out;
    private long count;

    Counting(OutputStream out) {
      this.out = out;
    }

    void text(String text) throws IOException {
      write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }
}
