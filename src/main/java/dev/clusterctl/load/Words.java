package dev.clusterctl.load;

import java.util.List;
import java.util.Optional;

/** A place in a statement's words, and the means to go on from there. */
final class Words {
  private final List<Token> tokens;
  private int at;

  Words(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * The name of a table or another thing in a schema.
   *
   * @param schema empty where the statement leaves it to the current one
   * @param end where the name ends in the statement's text
   */
  record Name(Optional<String> schema, String name, int end) {}

  boolean atEnd() {
    return at >= tokens.size();
  }

  /** The next word. */
  Optional<Token> peek() {
    return peek(0);
  }

  /** A word further on. */
  Optional<Token> peek(int ahead) {
    return at + ahead < tokens.size() ? Optional.of(tokens.get(at + ahead)) : Optional.empty();
  }

  /** The next word, which is passed. */
  Optional<Token> next() {
    Optional<Token> token = peek();
    at++;
    return token;
  }

  /** Passes the next word if it is one of those. */
  boolean accept(String... keywords) {
    boolean accepted = isAny(keywords);
    at += accepted ? 1 : 0;
    return accepted;
  }

  /** Passes the next words if they are these. */
  boolean acceptAll(String... keywords) {
    for (int i = 0; i < keywords.length; i++) {
      if (!peek(i).map(isKeyword(keywords[i])).orElse(false)) {
        return false;
      }
    }
    at += keywords.length;
    return true;
  }

  /** Passes the next word if it is that character. */
  boolean accept(char symbol) {
    boolean accepted = peek().map(t -> t.is(symbol)).orElse(false);
    at += accepted ? 1 : 0;
    return accepted;
  }

  /** Whether the next word is one of those. */
  boolean isAny(String... keywords) {
    return peek().map(t -> t.isAny(keywords)).orElse(false);
  }

  /** Passes a name with or without its schema; empty where there is none. */
  Optional<Name> name() {
    Optional<Token> first = peek().filter(t -> t.kind() != Token.Kind.SYMBOL);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    at++;
    if (peek().map(t -> t.is('.')).orElse(false) && peek(1).isPresent()) {
      Token second = peek(1).orElseThrow();
      at += 2;
      return Optional.of(new Name(Optional.of(first.get().text()), second.text(), second.end()));
    }
    return Optional.of(new Name(Optional.empty(), first.get().text(), first.get().end()));
  }

  private static java.util.function.Function<Token, Boolean> isKeyword(String keyword) {
    return token -> token.is(keyword);
  }
}
