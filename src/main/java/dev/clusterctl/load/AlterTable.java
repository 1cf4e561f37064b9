package dev.clusterctl.load;

import java.util.List;
import java.util.Optional;

/**
 * An ALTER TABLE statement.
 *
 * @param clauses what is to be changed
 */
record AlterTable(Words.Name name, List<Definition> clauses) {

  /** Reads the statement; empty where it is another one. */
  static Optional<AlterTable> parse(List<Token> tokens) {
    Words words = new Words(tokens);
    if (!words.accept("ALTER")) {
      return Optional.empty();
    }
    words.accept("ONLINE", "IGNORE");
    if (!words.accept("TABLE")) {
      return Optional.empty();
    }
    Optional<Words.Name> name = words.name();
    return name.map(
        n ->
            new AlterTable(
                n, Definition.split(tokens.stream().filter(t -> t.start() >= n.end()).toList())));
  }

  /** A clause without its ADD, as in the parentheses of CREATE TABLE; empty for other clauses. */
  static Optional<Definition> added(Definition clause) {
    return clause.tokens().size() > 1 && clause.tokens().get(0).is("ADD")
        ? Optional.of(new Definition(clause.tokens().subList(1, clause.tokens().size())))
        : Optional.empty();
  }

  /** Whether it only switches keys off or on, which InnoDB doesn't do. */
  boolean onlySwitchesKeys() {
    return clauses.stream()
        .allMatch(
            c ->
                c.tokens().size() == 2
                    && c.tokens().get(0).isAny("DISABLE", "ENABLE")
                    && c.tokens().get(1).is("KEYS"));
  }
}
