package dev.clusterctl.download;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a file is a Debian package at all, and a whole one: what a web server gives with status
 * 200 may as well be a log-in page, and mustn't be pinned. The format is that of {@code ar}, with
 * the members {@code debian-binary}, {@code control.tar…} and {@code data.tar…} (deb(5)).
 */
final class DebArchive {
  private static final byte[] MAGIC = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 60;
  private static final int NAME_END = 16;
  private static final int SIZE_BEGIN = 48;
  private static final int SIZE_END = 58;

  private DebArchive() {}

  /**
   * Walks through the headers of the archive's members.
   *
   * @throws IOException if it is no Debian package or isn't complete: the message says what it is
   *     instead, as a continuation of "it …"
   */
  static void check(Path path) throws IOException {
    List<String> names = new ArrayList<>();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] magic = new byte[MAGIC.length];
      if (file.length() < MAGIC.length) {
        throw new IOException("is only %d bytes long".formatted(file.length()));
      }
      file.readFully(magic);
      if (!java.util.Arrays.equals(magic, MAGIC)) {
        throw new IOException("is not a Debian package");
      }
      while (file.getFilePointer() < file.length()) {
        byte[] header = new byte[HEADER];
        file.readFully(header);
        long size = Long.parseLong(text(header, SIZE_BEGIN, SIZE_END));
        names.add(text(header, 0, NAME_END));
        long end = file.getFilePointer() + size;
        if (size < 0 || end > file.length()) {
          throw new EOFException();
        }
        // Members begin at even places.
        file.seek(end + (end & 1));
      }
    } catch (EOFException e) {
      throw new IOException("ends before the package does", e);
    } catch (NumberFormatException e) {
      throw new IOException("is not a Debian package", e);
    }
    if (names.size() < 3
        || !names.get(0).startsWith("debian-binary")
        || names.stream().noneMatch(name -> name.startsWith("control.tar"))
        || names.stream().noneMatch(name -> name.startsWith("data.tar"))) {
      throw new IOException("is not a whole Debian package: it holds " + names);
    }
  }

  private static String text(byte[] header, int begin, int end) {
    return new String(header, begin, end - begin, StandardCharsets.US_ASCII).strip();
  }
}
