package dev.clusterctl.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is to be done with each statement of a dump, and in which words. */
final class Rewriter {
  private final Analysis analysis;
  private final Destination destination;
  private final LoadOptions options;

  Rewriter(Analysis analysis, Destination destination, LoadOptions options) {
    this.analysis = analysis;
    this.destination = destination;
    this.options = options;
  }

  /** What is to be done. */
  sealed interface Action {
    /** Changes rows: may be rolled back. */
    record Rows(String sql) implements Action {}

    /** Anything that commits by itself. */
    record Define(String sql) implements Action {}

    /** Something of the session: every session that goes on with the dump needs it. */
    record Setting(String sql) implements Action {}

    /** Nothing. */
    record Skip() implements Action {}
  }

  Action action(DumpStatement statement) {
    String text = statement.text();
    List<Token> head = Tokenizer.first(text, destination.version(), StatementKind.WORDS);
    StatementKind kind = StatementKind.of(head);
    return switch (kind) {
      case ROWS -> new Action.Rows(rows(text, head));
      case TABLE -> new Action.Define(table(text));
      case ALTER_TABLE -> alter(text);
      case VIEW, ROUTINE, FUNCTION -> new Action.Define(definer(text, head));
      case SET -> set(text);
      case USE, CREATE_SCHEMA, DROP_SCHEMA, LOCK, TRANSACTION, REPLICATION, NOTHING ->
          new Action.Skip();
      case DROP_TABLE, ACCOUNT, FILE, CLIENT, OTHER -> new Action.Define(text);
    };
  }

  private String rows(String text, List<Token> head) {
    Optional<RowsStatement> rows = RowsStatement.parse(head);
    if (rows.isEmpty() || !rows.get().inserts() || rows.get().listsColumns()) {
      return text;
    }
    List<String> columns = analysis.fix(rows.get().name().name()).insertColumns();
    if (columns.isEmpty()) {
      return text;
    }
    Edits edits = new Edits();
    edits.insert(
        rows.get().name().end(),
        columns.stream().map(Rewriter::quoted).collect(Collectors.joining(", ", " (", ") ")));
    return edits.applyTo(text);
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private String table(String text) {
    List<Token> tokens = Tokenizer.all(text, destination.version());
    Optional<CreateTable> parsed = CreateTable.parse(tokens);
    if (parsed.isEmpty() || parsed.get().temporary()) {
      return text;
    }
    CreateTable table = parsed.get();
    TableFix fix = analysis.fix(table.name().name());
    Edits edits = new Edits();
    if (options.dropForeignKeys()) {
      edits.remove(
          table.definitions(),
          table.definitions().stream().filter(d -> d.foreignKey().isPresent()).toList());
      if (destination.hasColumnReferences()) {
        table.definitions().stream()
            .flatMap(d -> d.referenceOfColumn().stream())
            .forEach(key -> edits.replace(key.start(), key.end(), ""));
      }
    }
    if (!fix.key().isEmpty() && table.closing() >= 0) {
      edits.insert(table.closing(), ",\n  " + fix.key() + "\n");
    }
    if (fix.toInnoDb()) {
      engine(edits, table.options());
    }
    return edits.applyTo(text);
  }

  private static void engine(Edits edits, List<Token> words) {
    CreateTable.options(words, "ENGINE").stream()
        .filter(e -> !e.text().equalsIgnoreCase("InnoDB"))
        .forEach(e -> edits.replace(e.start(), e.end(), "InnoDB"));
    // A format of MyISAM's own.
    CreateTable.option(words, "ROW_FORMAT")
        .filter(f -> f.is("FIXED"))
        .ifPresent(f -> edits.replace(f.start(), f.end(), "DYNAMIC"));
  }

  private Action alter(String text) {
    Optional<AlterTable> parsed =
        AlterTable.parse(Tokenizer.all(text, destination.version()))
            .filter(a -> !a.clauses().isEmpty());
    if (parsed.isEmpty()) {
      return new Action.Define(text);
    }
    AlterTable alter = parsed.get();
    if (alter.onlySwitchesKeys()) {
      return new Action.Skip();
    }
    TableFix fix = analysis.fix(alter.name().name());
    List<Definition> gone = new ArrayList<>();
    Edits edits = new Edits();
    for (Definition clause : alter.clauses()) {
      Optional<Definition> added = AlterTable.added(clause);
      boolean foreign =
          options.dropForeignKeys() && added.flatMap(Definition::foreignKey).isPresent();
      boolean moved = fix.keyComesLater() && TableHistory.isMovedKey(clause, text, fix.key());
      if (foreign || moved) {
        gone.add(clause);
      } else if (fix.toInnoDb()) {
        engine(edits, clause.tokens());
      }
    }
    if (gone.size() == alter.clauses().size()) {
      return new Action.Skip();
    }
    edits.remove(alter.clauses(), gone);
    return new Action.Define(edits.applyTo(text));
  }

  private String definer(String text, List<Token> head) {
    Optional<Definer> definer = options.stripDefiners() ? Definer.of(head) : Optional.empty();
    if (definer.isEmpty()) {
      return text;
    }
    Edits edits = new Edits();
    // Without the clause it would be clusterctl's own account, which may do anything.
    String owner = destination.owner();
    int host = owner.lastIndexOf('@');
    edits.replace(
        definer.get().start(),
        definer.get().end(),
        destination.administration()
            ? "DEFINER=%s@%s"
                .formatted(quoted(owner.substring(0, host)), quoted(owner.substring(host + 1)))
            : "");
    return edits.applyTo(text);
  }

  private Action set(String text) {
    SetStatement set = SetStatement.parse(Tokenizer.all(text, destination.version()));
    List<Definition> all = set.assignments().stream().map(SetStatement.Assignment::words).toList();
    List<Definition> gone = new ArrayList<>();
    Edits edits = new Edits();
    for (SetStatement.Assignment assignment : set.assignments()) {
      if (assignment.isLeftOut()) {
        gone.add(assignment.words());
      } else if (!destination.hasNoAutoCreateUser()) {
        assignment.removeGoneMode(edits);
      }
    }
    if (gone.size() == all.size()) {
      return new Action.Skip();
    }
    edits.remove(all, gone);
    return new Action.Setting(edits.applyTo(text));
  }
}
