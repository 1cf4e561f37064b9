package dev.clusterctl.load;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One statement of a dump, without its delimiter.
 *
 * @param text each character is one byte of the dump (ISO-8859-1), so that what isn't text, or not
 *     in the character set that one thinks, arrives unchanged; of a statement longer than the
 *     reader keeps, its beginning
 * @param line where it begins, from 1
 * @param start where it begins: bytes of the unpacked text before it
 * @param end where it ends, with its delimiter
 * @param length its length in bytes
 * @param unfinished what the text ended in the middle of, such as "a string that begins in line 7"
 */
record DumpStatement(
    String text, long line, long start, long end, long length, Optional<String> unfinished) {

  /** Whether all of it is in {@link #text}. */
  boolean whole() {
    return text.length() == length;
  }

  /**
   * The line of a place in it.
   *
   * @param offset in {@link #text}
   */
  long lineAt(int offset) {
    return line + text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  /** Its first words, in one line, for messages. */
  String beginning() {
    String head = readable(text.substring(0, Math.min(text.length(), 400)));
    String line = head.strip().replaceAll("\\s+", " ");
    return line.length() <= 60 ? line : line.substring(0, 57) + "…";
  }

  /** Bytes of a dump as text for people. */
  static String readable(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
