package dev.clusterctl.machine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A tar archive (POSIX ustar) in memory: what {@code docker cp} takes on standard input. */
final class TarArchive {
  private static final int BLOCK = 512;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Adds a directory, owned by root. */
  TarArchive directory(String path, int mode) {
    bytes.writeBytes(header(path + "/", mode, 0, '5'));
    return this;
  }

  /** Adds a file, owned by root. */
  TarArchive file(String path, int mode, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    bytes.writeBytes(header(path, mode, content.length, '0'));
    bytes.writeBytes(content);
    bytes.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  byte[] toBytes() {
    byte[] all = bytes.toByteArray();
    // Two empty blocks end an archive.
    return Arrays.copyOf(all, all.length + 2 * BLOCK);
  }

  private static byte[] header(String path, int mode, int size, char type) {
    byte[] header = new byte[BLOCK];
    put(header, 0, path);
    put(header, 100, octal(mode, 7));
    put(header, 108, octal(0, 7));
    put(header, 116, octal(0, 7));
    put(header, 124, octal(size, 11));
    put(header, 136, octal(0, 11));
    put(header, 148, "        ");
    put(header, 156, String.valueOf(type));
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, octal(sum, 6) + "\0 ");
    return header;
  }

  private static String octal(int number, int digits) {
    String text = Integer.toOctalString(number);
    return "0".repeat(digits - text.length()) + text;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, header, offset, ascii.length);
  }
}
