package dev.clusterctl.load;

import java.util.Locale;

/**
 * A word of SQL.
 *
 * @param kind what it is
 * @param text without its quotes; bytes as in {@link DumpStatement#text}
 * @param start where it begins in the statement's text
 * @param end where it ends there, exclusive
 */
record Token(Kind kind, String text, int start, int end) {

  /** Kinds of words. */
  enum Kind {
    /** A name, a keyword or a number, without quotes. */
    WORD,
    /** In single or double quotes: a string, or a name with ANSI_QUOTES. */
    STRING,
    /** In backquotes. */
    NAME,
    /** One character: {@code ( ) , = @}. */
    SYMBOL
  }

  /** Whether it is that keyword. */
  boolean is(String keyword) {
    return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
  }

  /** Whether it is one of those keywords. */
  boolean isAny(String... keywords) {
    for (String keyword : keywords) {
      if (is(keyword)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is that character. */
  boolean is(char symbol) {
    return kind == Kind.SYMBOL && text.charAt(0) == symbol;
  }

  /** Its text in upper case where it is a keyword or an unquoted name; empty otherwise. */
  String keyword() {
    return kind == Kind.WORD ? text.toUpperCase(Locale.ROOT) : "";
  }
}
