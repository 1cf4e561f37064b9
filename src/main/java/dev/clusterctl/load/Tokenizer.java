package dev.clusterctl.load;

import dev.clusterctl.dialect.ServerVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The words of a statement, one after the other, as a server of a given version sees them: comments
 * are left out, versioned ones read where the version is at least theirs.
 */
final class Tokenizer {
  private final String text;
  private final int version;
  private int at;
  private boolean versioned;

  Tokenizer(String text, ServerVersion version) {
    this.text = text;
    this.version = version.major() * 10_000 + version.minor() * 100 + version.patch();
  }

  /** All words of a statement. */
  static List<Token> all(String text, ServerVersion version) {
    return first(text, version, Integer.MAX_VALUE);
  }

  /** The first words of a statement, as many as there are up to a number. */
  static List<Token> first(String text, ServerVersion version, int most) {
    Tokenizer tokenizer = new Tokenizer(text, version);
    List<Token> tokens = new ArrayList<>();
    for (Optional<Token> token = tokenizer.next();
        token.isPresent() && tokens.size() < most;
        token = tokenizer.next()) {
      tokens.add(token.get());
    }
    return tokens;
  }

  /** The next word; empty at the end. */
  Optional<Token> next() {
    skipBlanks();
    if (at >= text.length()) {
      return Optional.empty();
    }
    int start = at;
    char c = text.charAt(at);
    if (c == '\'' || c == '"' || c == '`') {
      String unquoted = quoted(c);
      Token.Kind kind = c == '`' ? Token.Kind.NAME : Token.Kind.STRING;
      return Optional.of(new Token(kind, unquoted, start, at));
    }
    if (isWord(c)) {
      while (at < text.length() && isWord(text.charAt(at))) {
        at++;
      }
      return Optional.of(new Token(Token.Kind.WORD, text.substring(start, at), start, at));
    }
    at++;
    return Optional.of(new Token(Token.Kind.SYMBOL, text.substring(start, at), start, at));
  }

  private void skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c <= ' ') {
        at++;
      } else if (c == '#'
          || (has("--") && (at + 2 == text.length() || text.charAt(at + 2) <= ' '))) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (has("/*!")) {
        versionedComment();
      } else if (has("/*")) {
        int end = text.indexOf("*/", at + 2);
        at = end < 0 ? text.length() : end + 2;
      } else if (versioned && has("*/")) {
        versioned = false;
        at += 2;
      } else {
        return;
      }
    }
  }

  /** {@code /*!50017 … }: five digits, or six for two-digit parts of later versions. */
  private void versionedComment() {
    int digits = at + 3;
    while (digits < text.length() && digits < at + 9 && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits - (at + 3) >= 5 && Integer.parseInt(text.substring(at + 3, digits)) > version) {
      at = endOfVersionedComment(digits);
      return;
    }
    at = digits - (at + 3) >= 5 ? digits : at + 3;
    versioned = true;
  }

  /** As the server skips it: quotes mean nothing in it, and one comment may stand in it. */
  private int endOfVersionedComment(int from) {
    int i = from;
    int depth = 1;
    while (i < text.length() && depth > 0) {
      if (text.startsWith("*/", i)) {
        depth--;
        i += 2;
      } else if (text.startsWith("/*", i)) {
        depth++;
        i += 2;
      } else {
        i++;
      }
    }
    return i;
  }

  private String quoted(char quote) {
    StringBuilder unquoted = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && quote != '`' && at + 1 < text.length()) {
        unquoted.append(text.charAt(at + 1));
        at += 2;
      } else if (c == quote) {
        at++;
        if (at >= text.length() || text.charAt(at) != quote) {
          return unquoted.toString();
        }
        unquoted.append(quote);
        at++;
      } else {
        unquoted.append(c);
        at++;
      }
    }
    return unquoted.toString();
  }

  private boolean has(String word) {
    return text.startsWith(word, at);
  }

  private static boolean isWord(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '$'
        || c >= 0x80;
  }
}
