package dev.clusterctl.load;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Splits a dump into statements as the mysql client does: it knows strings, quoted names, comments,
 * versioned comments and DELIMITER lines. It holds one block of the text and at most one statement
 * of it, and of that no more than it was told to keep.
 *
 * <p>It works on bytes. So a quote or a backslash must never be part of another character: that is
 * so in ASCII's descendants and in UTF-8, but not in Big5, GBK, GB18030, Shift-JIS and their like.
 */
final class StatementReader implements Closeable {
  private static final int BLOCK = 1 << 16;

  /** Longer than any delimiter that makes sense, and than what else is looked ahead for. */
  private static final int LONGEST_DELIMITER = 64;

  private final InputStream in;
  private final int keep;
  private final byte[] block = new byte[BLOCK];
  private int from;
  private int to;
  private boolean ended;

  private long offset;
  private long line = 1;
  private byte[] delimiter = {';'};

  private byte[] kept = new byte[1 << 12];
  private int keptLength;
  private long length;
  private Optional<String> unfinished = Optional.empty();

  /**
   * @param in is closed with this reader
   * @param keep how much of a statement is kept, in bytes; the rest is only counted
   */
  StatementReader(InputStream in, int keep) throws IOException {
    this.in = in;
    this.keep = keep;
    skipByteOrderMark();
  }

  /** The next statement; empty at the end. */
  Optional<DumpStatement> next() throws IOException {
    skipToStatement();
    if (peek(0) < 0 && unfinished.isEmpty()) {
      return Optional.empty();
    }
    keptLength = 0;
    length = 0;
    long startLine = line;
    long start = offset;
    boolean more = readStatement();
    String text = new String(kept, 0, keptLength, StandardCharsets.ISO_8859_1);
    long statementLength = length;
    if (more) {
      advance(delimiter.length);
    } else {
      String stripped = text.stripTrailing();
      // What follows the last statement of a file without a delimiter isn't part of it.
      if (keptLength == length) {
        text = stripped;
        statementLength = stripped.length();
      }
    }
    DumpStatement statement =
        new DumpStatement(text, startLine, start, offset, statementLength, unfinished);
    unfinished = Optional.empty();
    return Optional.of(statement);
  }

  /** Reads up to the delimiter; whether there is one. */
  private boolean readStatement() throws IOException {
    boolean versioned = false;
    long versionedLine = line;
    while (true) {
      int c = peek(0);
      if (c < 0) {
        if (versioned) {
          unfinished = Optional.of("a comment that begins in line " + versionedLine);
        }
        return false;
      } else if (!versioned && c == delimiter[0] && isDelimiter()) {
        return true;
      } else if (c == '\'' || c == '"' || c == '`') {
        quoted(c);
      } else if (c == '#' || isDashComment()) {
        takeLine();
      } else if (c == '/' && peek(1) == '*') {
        if (peek(2) == '!' && !versioned) {
          versioned = true;
          versionedLine = line;
          take(3);
        } else {
          comment();
        }
      } else if (versioned && c == '*' && peek(1) == '/') {
        versioned = false;
        take(2);
      } else {
        takeOrdinary();
      }
    }
  }

  /** Skips what stands between statements: blanks, comments, DELIMITER lines, lone delimiters. */
  private void skipToStatement() throws IOException {
    while (true) {
      int c = peek(0);
      if (c < 0) {
        return;
      } else if (c <= ' ') {
        advance(1);
      } else if (c == '#' || isDashComment()) {
        skipLine();
      } else if (c == '/' && peek(1) == '*' && peek(2) != '!') {
        keptLength = 0;
        comment();
        if (unfinished.isPresent()) {
          return;
        }
      } else if (isDelimiter()) {
        advance(delimiter.length);
      } else if (isDelimiterCommand()) {
        readDelimiter();
      } else {
        return;
      }
    }
  }

  private boolean isDashComment() throws IOException {
    return peek(0) == '-' && peek(1) == '-' && peek(2) <= ' ';
  }

  private boolean isDelimiter() throws IOException {
    for (int i = 0; i < delimiter.length; i++) {
      if (peek(i) != (delimiter[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private boolean isDelimiterCommand() throws IOException {
    String word = "delimiter";
    for (int i = 0; i < word.length(); i++) {
      if (Character.toLowerCase((char) Math.max(0, peek(i))) != word.charAt(i)) {
        return false;
      }
    }
    return peek(word.length()) == ' ' || peek(word.length()) == '\t';
  }

  private void readDelimiter() throws IOException {
    long at = line;
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    advance("delimiter".length());
    while (peek(0) >= 0 && peek(0) != '\n') {
      if (rest.size() <= LONGEST_DELIMITER) {
        rest.write(peek(0));
      }
      advance(1);
    }
    String text = rest.toString(StandardCharsets.ISO_8859_1).strip();
    int blank = text.indexOf(' ');
    byte[] next =
        (blank < 0 ? text : text.substring(0, blank)).getBytes(StandardCharsets.ISO_8859_1);
    if (next.length == 0 || next.length > LONGEST_DELIMITER) {
      throw new LoadException(
          "line %d: DELIMITER without a delimiter that can be used".formatted(at),
          "write one of up to %d characters after it".formatted(LONGEST_DELIMITER));
    }
    delimiter = next;
  }

  /** A string or a quoted name; a doubled quote ends it and begins another, which does as well. */
  private void quoted(int quote) throws IOException {
    long at = line;
    take(1);
    while (true) {
      if (!fill(1)) {
        unfinished =
            Optional.of((quote == '`' ? "a name" : "a string") + " that begins in line " + at);
        return;
      }
      int i = from;
      while (i < to && block[i] != quote && (block[i] != '\\' || quote == '`')) {
        i++;
      }
      take(i - from);
      int c = peek(0);
      if (c == quote) {
        take(1);
        return;
      } else if (c == '\\' && quote != '`') {
        take(peek(1) < 0 ? 1 : 2);
      }
    }
  }

  private void comment() throws IOException {
    long at = line;
    take(2);
    while (!(peek(0) == '*' && peek(1) == '/')) {
      if (peek(0) < 0) {
        unfinished = Optional.of("a comment that begins in line " + at);
        return;
      }
      take(1);
    }
    take(2);
  }

  private void takeLine() throws IOException {
    while (peek(0) >= 0 && peek(0) != '\n') {
      take(1);
    }
  }

  private void skipLine() throws IOException {
    while (peek(0) >= 0 && peek(0) != '\n') {
      advance(1);
    }
  }

  /** Takes at least one byte, and what follows as long as it can't mean anything. */
  private void takeOrdinary() throws IOException {
    int i = from + 1;
    while (i < to && isOrdinary(block[i])) {
      i++;
    }
    take(i - from);
  }

  private boolean isOrdinary(byte b) {
    return switch (b) {
      case '\'', '"', '`', '#', '-', '/', '*' -> false;
      default -> b != delimiter[0];
    };
  }

  /** A byte ahead; -1 after the end. */
  private int peek(int ahead) throws IOException {
    return fill(ahead + 1) ? block[from + ahead] & 0xff : -1;
  }

  /** Whether there are that many bytes more. */
  private boolean fill(int wanted) throws IOException {
    while (to - from < wanted && !ended) {
      if (from > 0) {
        System.arraycopy(block, from, block, 0, to - from);
        to -= from;
        from = 0;
      }
      int n = in.read(block, to, block.length - to);
      if (n < 0) {
        ended = true;
      } else {
        to += n;
      }
    }
    return to - from >= wanted;
  }

  /** Makes bytes, which must be in the block, part of the statement. */
  private void take(int count) {
    int room = (int) Math.min(count, (long) keep - keptLength);
    if (room > 0) {
      if (keptLength + room > kept.length) {
        kept = Arrays.copyOf(kept, grown(keptLength + room));
      }
      System.arraycopy(block, from, kept, keptLength, room);
      keptLength += room;
    }
    length += count;
    advance(count);
  }

  private int grown(int least) {
    return (int) Math.min(Math.max(least, (long) kept.length * 2), Math.max(least, keep));
  }

  private void advance(int count) {
    for (int i = from; i < from + count; i++) {
      if (block[i] == '\n') {
        line++;
      }
    }
    from += count;
    offset += count;
  }

  private void skipByteOrderMark() throws IOException {
    if (peek(0) == 0xef && peek(1) == 0xbb && peek(2) == 0xbf) {
      advance(3);
    } else if (peek(0) == 0xff && peek(1) == 0xfe || peek(0) == 0xfe && peek(1) == 0xff) {
      throw new LoadException(
          "the text is in UTF-16, which MySQL doesn't read",
          "a Windows shell wrote it so: dump again with --result-file=FILE instead of > FILE");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
