package dev.clusterctl.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of those that commas separate: in the parentheses of CREATE TABLE a column, a key or a
 * constraint; a clause of ALTER TABLE.
 *
 * @param tokens its words, without the comma
 */
record Definition(List<Token> tokens) {
  Definition {
    tokens = List.copyOf(tokens);
  }

  /** A foreign key; where it says what happens to its rows when those it refers to go. */
  record ForeignKey(boolean cascades, int start, int end) {}

  /**
   * A key's columns.
   *
   * @param text as it is written, with the parentheses
   * @param partial whether it covers only the beginning of a column, or an expression
   */
  record Key(List<String> columns, String text, boolean partial) {}

  /** The words of a list, split where a comma stands outside of parentheses. */
  static List<Definition> split(List<Token> tokens) {
    List<Definition> parts = new ArrayList<>();
    List<Token> part = new ArrayList<>();
    int depth = 0;
    for (Token token : tokens) {
      depth += token.is('(') ? 1 : token.is(')') ? -1 : 0;
      if (depth == 0 && token.is(',')) {
        parts.add(new Definition(part));
        part = new ArrayList<>();
      } else {
        part.add(token);
      }
    }
    if (!part.isEmpty()) {
      parts.add(new Definition(part));
    }
    return parts;
  }

  int start() {
    return tokens.get(0).start();
  }

  int end() {
    return tokens.get(tokens.size() - 1).end();
  }

  /** Whether it is a key or a constraint and no column. */
  boolean isKey() {
    return !tokens.isEmpty()
        && tokens
            .get(0)
            .isAny(
                "CONSTRAINT",
                "PRIMARY",
                "UNIQUE",
                "KEY",
                "INDEX",
                "FULLTEXT",
                "SPATIAL",
                "FOREIGN",
                "CHECK",
                "LIKE");
  }

  /** The primary key that it defines, not as part of a column. */
  Optional<Key> primaryKey(String text) {
    return isKey() && has("PRIMARY", "KEY") ? key(text) : Optional.empty();
  }

  /** The unique key that it defines, not as part of a column. */
  Optional<Key> uniqueKey(String text) {
    return isKey()
            && (tokens.get(0).is("UNIQUE") || (tokens.get(0).is("CONSTRAINT") && has("UNIQUE")))
        ? key(text)
        : Optional.empty();
  }

  /** The foreign key that it defines, not as part of a column. */
  Optional<ForeignKey> foreignKey() {
    return isKey() && has("FOREIGN", "KEY")
        ? Optional.of(new ForeignKey(cascades(0), start(), end()))
        : Optional.empty();
  }

  /** The foreign key of a column: {@code b INT REFERENCES a (id)}. */
  Optional<ForeignKey> referenceOfColumn() {
    int at = indexOutside("REFERENCES");
    return isKey() || at < 0
        ? Optional.empty()
        : Optional.of(new ForeignKey(cascades(at), tokens.get(at).start(), endOfReference(at)));
  }

  /** Whether words follow one another in it, outside of parentheses. */
  boolean has(String... keywords) {
    int depth = 0;
    for (int i = 0; i + keywords.length <= tokens.size(); i++) {
      depth += tokens.get(i).is('(') ? 1 : tokens.get(i).is(')') ? -1 : 0;
      if (depth == 0 && matches(i, keywords)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(int at, String... keywords) {
    for (int i = 0; i < keywords.length; i++) {
      if (!tokens.get(at + i).is(keywords[i])) {
        return false;
      }
    }
    return true;
  }

  private int indexOutside(String keyword) {
    int depth = 0;
    for (int i = 1; i < tokens.size(); i++) {
      depth += tokens.get(i).is('(') ? 1 : tokens.get(i).is(')') ? -1 : 0;
      if (depth == 0 && tokens.get(i).is(keyword)) {
        return i;
      }
    }
    return -1;
  }

  private boolean cascades(int from) {
    for (int i = from; i + 2 < tokens.size(); i++) {
      if (tokens.get(i).is("ON")
          && tokens.get(i + 1).isAny("DELETE", "UPDATE")
          && (tokens.get(i + 2).is("CASCADE") || tokens.get(i + 2).is("SET"))) {
        return true;
      }
    }
    return false;
  }

  /** REFERENCES table (columns) [MATCH x] [ON DELETE x] [ON UPDATE x]. */
  private int endOfReference(int from) {
    int i = from + 1;
    while (i < tokens.size() && !tokens.get(i).is(')')) {
      i++;
    }
    i++;
    while (i < tokens.size()) {
      if (tokens.get(i).is("MATCH")) {
        i += 2;
      } else if (tokens.get(i).is("ON")) {
        boolean two = i + 2 < tokens.size() && tokens.get(i + 2).isAny("SET", "NO");
        i += two ? 4 : 3;
      } else {
        break;
      }
    }
    return tokens.get(Math.min(i, tokens.size()) - 1).end();
  }

  /** The first parentheses, as a key's columns. */
  private Optional<Key> key(String text) {
    int open = 0;
    while (open < tokens.size() && !tokens.get(open).is('(')) {
      open++;
    }
    if (open == tokens.size()) {
      return Optional.empty();
    }
    List<String> columns = new ArrayList<>();
    boolean partial = false;
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.is('(')) {
        depth++;
        partial |= depth > 1;
      } else if (token.is(')') && --depth == 0) {
        String written = text.substring(tokens.get(open).start(), token.end());
        return Optional.of(new Key(columns, written, partial));
      } else if (depth == 1 && !token.is(',') && !token.isAny("ASC", "DESC")) {
        columns.add(token.text());
      }
    }
    return Optional.empty();
  }
}
