package dev.clusterctl.load;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** What is read of a dump, with its length, its fingerprint, its beginning and its end. */
final class Text extends FilterInputStream {
  /** More than the comments at the beginning or the end of a dump. */
  private static final int EDGE = 1024;

  private final MessageDigest digest;
  private byte[] head = {};
  private byte[] tail = {};
  private long length;

  Text(InputStream in) {
    super(in);
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int wanted) throws IOException {
    int n = super.read(to, offset, wanted);
    if (n > 0) {
      digest.update(to, offset, n);
      length += n;
      if (head.length < EDGE) {
        head = joined(head, to, offset, Math.min(n, EDGE - head.length));
      }
      byte[] all = n >= EDGE ? new byte[0] : tail;
      all = joined(all, to, offset + n - Math.min(n, EDGE), Math.min(n, EDGE));
      tail = Arrays.copyOfRange(all, Math.max(0, all.length - EDGE), all.length);
    }
    return n;
  }

  /** Bytes so far. */
  long length() {
    return length;
  }

  /** The fingerprint of all of it, in hexadecimal; to be asked for once, at the end. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Whether mysqldump began it and didn't say at the end that it had completed. */
  boolean isCutOff() {
    return new String(head, StandardCharsets.ISO_8859_1)
            .lines()
            .anyMatch(l -> l.startsWith("-- MySQL dump ") || l.startsWith("-- MariaDB dump "))
        && !new String(tail, StandardCharsets.ISO_8859_1).contains("-- Dump completed");
  }

  private static byte[] joined(byte[] first, byte[] second, int offset, int count) {
    byte[] all = Arrays.copyOf(first, first.length + count);
    System.arraycopy(second, offset, all, first.length, count);
    return all;
  }
}
