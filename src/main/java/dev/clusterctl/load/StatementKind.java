package dev.clusterctl.load;

import java.util.List;
import java.util.Set;

/** What a statement does, as far as it matters to loading. */
enum StatementKind {
  /** Changes rows; it can be rolled back. */
  ROWS,
  TABLE,
  ALTER_TABLE,
  DROP_TABLE,
  /** Views, which have definers but hold no rows. */
  VIEW,
  /** Procedures and events, which have definers. */
  ROUTINE,
  /** Functions and triggers: the binary log makes the server careful about who makes them. */
  FUNCTION,
  /** SET, of variables. */
  SET,
  USE,
  CREATE_SCHEMA,
  DROP_SCHEMA,
  /** LOCK TABLES and UNLOCK TABLES. */
  LOCK,
  /** Begins or ends a transaction. */
  TRANSACTION,
  /** Tells a replica where it is. */
  REPLICATION,
  /** Accounts and what they may. */
  ACCOUNT,
  /** Reads a file of the client or the server. */
  FILE,
  /** What only the mysql client understands. */
  CLIENT,
  /** Only a comment. */
  NOTHING,
  /** Defines something else, or does something else. */
  OTHER;

  /** How many words of a statement are enough to tell. */
  static final int WORDS = 40;

  /** What a statement is that begins with these words. */
  static StatementKind of(List<Token> tokens) {
    if (tokens.isEmpty()) {
      return NOTHING;
    }
    String second = tokens.size() > 1 ? tokens.get(1).keyword() : "";
    return switch (tokens.get(0).keyword()) {
      case "INSERT", "REPLACE", "UPDATE", "DELETE" -> ROWS;
      case "CREATE" -> created(tokens);
      case "DROP" -> dropped(second);
      case "ALTER" -> altered(tokens);
      case "SET" -> set(tokens, second);
      case "USE" -> USE;
      case "LOCK", "UNLOCK" -> second.startsWith("TABLE") ? LOCK : OTHER;
      case "START" ->
          second.equals("TRANSACTION")
              ? TRANSACTION
              : Set.of("SLAVE", "REPLICA", "GROUP_REPLICATION").contains(second)
                  ? REPLICATION
                  : OTHER;
      case "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE" -> TRANSACTION;
      case "CHANGE", "STOP", "RESET" -> REPLICATION;
      case "GRANT", "REVOKE" -> ACCOUNT;
      case "RENAME" -> second.equals("USER") ? ACCOUNT : OTHER;
      case "LOAD" -> FILE;
      case "SOURCE", "SYSTEM" -> CLIENT;
      case "" -> tokens.get(0).is('\\') ? CLIENT : OTHER;
      default -> OTHER;
    };
  }

  private static StatementKind created(List<Token> tokens) {
    for (Token token : tokens) {
      switch (token.keyword()) {
        case "TABLE":
          return TABLE;
        case "VIEW":
          return VIEW;
        case "TRIGGER", "FUNCTION":
          return FUNCTION;
        case "PROCEDURE", "EVENT":
          return ROUTINE;
        case "DATABASE", "SCHEMA":
          return CREATE_SCHEMA;
        case "USER", "ROLE":
          return ACCOUNT;
        case "INDEX":
          return OTHER;
        default:
      }
    }
    return OTHER;
  }

  private static StatementKind dropped(String second) {
    return switch (second) {
      case "TABLE" -> DROP_TABLE;
      case "DATABASE", "SCHEMA" -> DROP_SCHEMA;
      case "USER", "ROLE" -> ACCOUNT;
      default -> OTHER;
    };
  }

  private static StatementKind altered(List<Token> tokens) {
    for (Token token : tokens) {
      switch (token.keyword()) {
        case "TABLE":
          return ALTER_TABLE;
        case "USER":
          return ACCOUNT;
        case "DATABASE", "SCHEMA", "VIEW", "EVENT", "PROCEDURE", "FUNCTION":
          return OTHER;
        default:
      }
    }
    return OTHER;
  }

  private static StatementKind set(List<Token> tokens, String second) {
    if (Set.of("PASSWORD", "ROLE").contains(second)) {
      return ACCOUNT;
    }
    return second.equals("DEFAULT") && tokens.size() > 2 && tokens.get(2).is("ROLE")
        ? ACCOUNT
        : SET;
  }
}
