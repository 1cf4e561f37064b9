package dev.clusterctl.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A SET statement.
 *
 * @param assignments its parts, in order
 */
record SetStatement(List<Assignment> assignments) {
  private static final Set<String> GTID = Set.of("GTID_PURGED", "GTID_NEXT", "SQL_LOG_BIN");

  /** Where NO_AUTO_CREATE_USER may no longer be named, it means nothing either. */
  private static final String GONE_MODE = "NO_AUTO_CREATE_USER";

  /** Whose variable. */
  enum Scope {
    SESSION,
    /** The server's, for all sessions to come. */
    GLOBAL,
    /** {@code @x}. */
    USER
  }

  /**
   * @param variable in upper case; {@code NAMES} and {@code CHARACTER} for those forms of SET
   * @param value the words after the equals sign
   */
  record Assignment(Scope scope, String variable, List<Token> value, Definition words) {

    /** Whether it is about the binary log or GTIDs, which belong to the group. */
    boolean isGtid() {
      return scope != Scope.USER && GTID.contains(variable);
    }

    /** Whether every statement commits by itself. */
    boolean isAutocommit() {
      return scope != Scope.USER && variable.equals("AUTOCOMMIT");
    }

    /** Whether it must not be run: it would change the server, or how it is loaded. */
    boolean isLeftOut() {
      return isGtid() || isAutocommit() || scope == Scope.GLOBAL;
    }

    /** The character set that the statements after it are in, where it says so. */
    Optional<Token> characterSet() {
      boolean names =
          Set.of("NAMES", "CHARACTER", "CHARSET", "CHARACTER_SET_CLIENT").contains(variable);
      return names && scope == Scope.SESSION && !value.isEmpty() && !value.get(0).is('@')
          ? Optional.of(value.get(0))
          : Optional.empty();
    }

    /** Whether it is a value of sql_mode that holds a mode. */
    boolean hasMode(String mode) {
      return scope == Scope.SESSION
          && variable.equals("SQL_MODE")
          && value.stream()
              .anyMatch(t -> t.kind() == Token.Kind.STRING && modes(t.text()).contains(mode));
    }

    /** Takes a mode that the version doesn't know any more out of sql_mode. */
    void removeGoneMode(Edits edits) {
      for (Token token : value) {
        if (token.kind() == Token.Kind.STRING && hasMode(GONE_MODE)) {
          List<String> left = new ArrayList<>(modes(token.text()));
          left.remove(GONE_MODE);
          edits.replace(token.start(), token.end(), "'" + String.join(",", left) + "'");
        }
      }
    }

    private static List<String> modes(String value) {
      return List.of(value.toUpperCase(java.util.Locale.ROOT).split(",", -1));
    }
  }

  /** Whether it names the mode that 8.0 did away with. */
  boolean hasGoneMode() {
    return assignments.stream().anyMatch(a -> a.hasMode(GONE_MODE));
  }

  /** Reads the statement. */
  static SetStatement parse(List<Token> tokens) {
    List<Assignment> assignments = new ArrayList<>();
    for (Definition part : Definition.split(tokens.subList(1, tokens.size()))) {
      if (!part.tokens().isEmpty()) {
        assignments.add(assignment(part));
      }
    }
    return new SetStatement(assignments);
  }

  private static Assignment assignment(Definition part) {
    Words words = new Words(part.tokens());
    Scope scope = Scope.SESSION;
    boolean at = words.accept('@');
    if (at && !words.accept('@')) {
      scope = Scope.USER;
    }
    if (scope != Scope.USER && words.isAny("GLOBAL", "PERSIST", "PERSIST_ONLY")) {
      scope = Scope.GLOBAL;
      words.next();
    } else if (scope != Scope.USER) {
      words.accept("SESSION", "LOCAL");
    }
    words.accept('.');
    String variable = words.next().map(t -> t.text().toUpperCase(java.util.Locale.ROOT)).orElse("");
    words.accept("SET"); // SET CHARACTER SET x
    words.accept(':');
    words.accept('=');
    List<Token> value = new ArrayList<>();
    for (Optional<Token> t = words.next(); t.isPresent(); t = words.next()) {
      value.add(t.get());
    }
    return new Assignment(scope, variable, List.copyOf(value), part);
  }
}
