package dev.clusterctl.load;

import java.util.List;
import java.util.Optional;

/**
 * An INSERT, REPLACE, UPDATE or DELETE.
 *
 * @param inserts whether it adds rows
 * @param listsColumns whether it says for which columns its values are
 */
record RowsStatement(Words.Name name, boolean inserts, boolean listsColumns) {

  /** Reads its beginning; empty where it is another statement or can't be understood. */
  static Optional<RowsStatement> parse(List<Token> tokens) {
    Words words = new Words(tokens);
    boolean inserts = words.accept("INSERT", "REPLACE");
    if (!inserts && !words.accept("UPDATE", "DELETE")) {
      return Optional.empty();
    }
    while (words.accept(
        "LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK", "IGNORE", "INTO", "FROM")) {
      // None of them matters here.
    }
    Optional<Words.Name> name = words.name();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    boolean list =
        words.accept('(') && !words.isAny("SELECT") || words.isAny("SET"); // SET names columns too
    return Optional.of(new RowsStatement(name.get(), inserts, list));
  }
}
