package dev.clusterctl.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A CREATE TABLE statement.
 *
 * @param temporary whether the table ends with its session
 * @param ifNotExists whether it is left alone where it exists
 * @param like the table that it takes its definition from, where it does
 * @param asSelect whether it takes rows from a query
 * @param definitions columns, keys, constraints
 * @param closing where the parenthesis stands that ends them, in the statement's text; -1 without
 * @param options the words after it
 */
record CreateTable(
    Words.Name name,
    boolean temporary,
    boolean ifNotExists,
    Optional<Words.Name> like,
    boolean asSelect,
    List<Definition> definitions,
    int closing,
    List<Token> options) {

  /** A column. */
  record Column(
      String name,
      boolean notNull,
      boolean primary,
      boolean unique,
      boolean autoIncrement,
      Definition definition) {}

  /** Reads the statement; empty where it is another one. */
  static Optional<CreateTable> parse(List<Token> tokens) {
    Words words = new Words(tokens);
    if (!words.accept("CREATE")) {
      return Optional.empty();
    }
    words.acceptAll("OR", "REPLACE");
    boolean temporary = words.accept("TEMPORARY");
    if (!words.accept("TABLE")) {
      return Optional.empty();
    }
    boolean ifNotExists = words.acceptAll("IF", "NOT", "EXISTS");
    Optional<Words.Name> name = words.name();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    int open = indexAfter(tokens, name.get().end());
    boolean parentheses = open < tokens.size() && tokens.get(open).is('(');
    if (words.accept("LIKE") || (words.accept('(') && words.accept("LIKE"))) {
      return Optional.of(
          new CreateTable(
              name.get(), temporary, ifNotExists, words.name(), false, List.of(), -1, List.of()));
    }
    int close = parentheses ? closing(tokens, open) : open - 1;
    List<Definition> definitions =
        parentheses ? Definition.split(tokens.subList(open + 1, close)) : List.of();
    List<Token> options = tokens.subList(Math.min(close + 1, tokens.size()), tokens.size());
    return Optional.of(
        new CreateTable(
            name.get(),
            temporary,
            ifNotExists,
            Optional.empty(),
            options.stream().anyMatch(t -> t.is("SELECT")),
            definitions,
            parentheses && close < tokens.size() ? tokens.get(close).start() : -1,
            options));
  }

  List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    for (Definition d : definitions) {
      if (!d.isKey() && !d.tokens().isEmpty()) {
        boolean unique = d.has("UNIQUE");
        // A lone KEY is short for PRIMARY KEY, one after UNIQUE is not.
        boolean primary = d.has("PRIMARY", "KEY") || (!unique && d.has("KEY"));
        columns.add(
            new Column(
                d.tokens().get(0).text(),
                primary || d.has("NOT", "NULL") || d.has("SERIAL"),
                primary,
                unique || d.has("SERIAL"),
                d.has("AUTO_INCREMENT") || d.has("SERIAL"),
                d));
      }
    }
    return columns;
  }

  /** Whether it has a primary key. */
  boolean hasPrimaryKey(String text) {
    return definitions.stream().anyMatch(d -> d.primaryKey(text).isPresent())
        || columns().stream().anyMatch(Column::primary);
  }

  /** Its unique keys, those of single columns included. */
  List<Definition.Key> uniqueKeys(String text) {
    List<Definition.Key> keys = new ArrayList<>();
    definitions.forEach(d -> d.uniqueKey(text).ifPresent(keys::add));
    for (Column column : columns()) {
      if (column.unique()) {
        keys.add(new Definition.Key(List.of(column.name()), "", false));
      }
    }
    return keys;
  }

  /** The words that name the engine; empty where the server chooses. */
  Optional<Token> engine() {
    return option(options, "ENGINE");
  }

  /** The value of an option among words; empty where it isn't there. */
  static Optional<Token> option(List<Token> words, String option) {
    return options(words, option).stream().findFirst();
  }

  /** The values of an option among words, as of a table and of each of its partitions. */
  static List<Token> options(List<Token> words, String option) {
    List<Token> values = new ArrayList<>();
    for (int i = 0; i + 1 < words.size(); i++) {
      int value = words.get(i + 1).is('=') ? i + 2 : i + 1;
      if (words.get(i).is(option) && value < words.size()) {
        values.add(words.get(value));
      }
    }
    return values;
  }

  private static int indexAfter(List<Token> tokens, int offset) {
    int i = 0;
    while (i < tokens.size() && tokens.get(i).start() < offset) {
      i++;
    }
    return i;
  }

  /** The parenthesis that belongs to an opening one; the number of words where there is none. */
  private static int closing(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += tokens.get(i).is('(') ? 1 : tokens.get(i).is(')') ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return tokens.size();
  }
}
