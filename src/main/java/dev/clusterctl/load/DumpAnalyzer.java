package dev.clusterctl.load;

import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;

/**
 * Reads a dump from end to end, before anything of it is run, and says what of it a group can't
 * take. It keeps a few words about each table and nothing about rows.
 */
public final class DumpAnalyzer {
  /** Enough of every statement that matters here: those that are longer hold rows. */
  private static final int KEEP = 1 << 20;

  /** In these, a quote or a backslash can be the second byte of another character. */
  private static final Set<String> UNSAFE = Set.of("big5", "cp932", "gb18030", "gbk", "sjis");

  private static final String OTHER_SCHEMA_ADVICE =
      "dump one schema without --databases, or load into that one";

  private final DumpFile file;
  private final Destination destination;
  private final LoadOptions options;
  private final Findings findings = new Findings();
  private final Map<String, TableHistory> tables = new LinkedHashMap<>();
  private final Map<String, TableFix> fixes = new HashMap<>();
  private final Set<String> dropped = new HashSet<>();
  private long statements;

  public DumpAnalyzer(DumpFile file, Destination destination, LoadOptions options) {
    this.file = file;
    this.destination = destination;
    this.options = options;
  }

  /**
   * Does it.
   *
   * @param progress told how many bytes of the file were read, now and then
   * @throws LoadException if the file can't be read as a dump
   * @throws InterruptedException if the thread is interrupted
   */
  public Analysis analyze(LongConsumer progress) throws IOException, InterruptedException {
    Optional<DumpStatement> last = Optional.empty();
    try (DumpFile.Content content = file.open()) {
      Text text = new Text(content);
      try (StatementReader reader = new StatementReader(text, KEEP)) {
        for (Optional<DumpStatement> s = reader.next(); s.isPresent(); s = reader.next()) {
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          last = s;
          statements++;
          look(s.get());
          progress.accept(content.bytesOfFile());
        }
      }
      if (text.isCutOff()) {
        findings.warning(
            last.map(DumpStatement::line).orElse(1L),
            "the dump ends without mysqldump's last line, -- Dump completed",
            "make sure that mysqldump came to its end");
      }
      tables.values().forEach(this::judge);
      return new Analysis(
          findings.all(),
          new Analysis.Totals(text.length(), file.size(), statements, tables.size(), text.sha256()),
          replaced(),
          fixes);
    } catch (EOFException | ZipException e) {
      throw new LoadException(
          "%s can't be unpacked after line %d: %s"
              .formatted(file.path(), last.map(DumpStatement::line).orElse(0L), e.getMessage()),
          "it is damaged or was cut off: copy or dump it again",
          e);
    }
  }

  private Set<String> replaced() {
    Set<String> replaced = new HashSet<>(dropped);
    replaced.retainAll(destination.tables());
    return replaced;
  }

  private void judge(TableHistory table) {
    fixes.merge(
        table.name(), table.judge(destination, options, findings), (first, second) -> second);
  }

  private void look(DumpStatement statement) {
    statement
        .unfinished()
        .ifPresent(
            what ->
                findings.error(
                    statement.line(),
                    "the dump ends in the middle of " + what,
                    "it was cut off, or a quote is missing: dump it again"));
    lookAtSize(statement);
    List<Token> head =
        Tokenizer.first(statement.text(), destination.version(), StatementKind.WORDS);
    StatementKind kind = StatementKind.of(head);
    if (kind == StatementKind.ROWS) {
      rows(head, statement);
      return;
    }
    List<Token> tokens = Tokenizer.all(statement.text(), destination.version());
    lookAtCharacterSets(tokens, statement);
    switch (kind) {
      case TABLE -> CreateTable.parse(tokens).ifPresent(t -> created(t, statement));
      case ALTER_TABLE -> AlterTable.parse(tokens).ifPresent(a -> altered(a, statement));
      case DROP_TABLE -> dropped(tokens);
      case VIEW, ROUTINE, FUNCTION -> defined(kind, tokens, statement);
      case SET -> set(SetStatement.parse(tokens), statement);
      default -> other(kind, tokens, statement);
    }
  }

  private void lookAtSize(DumpStatement statement) {
    if (statement.length() >= destination.largestStatement()) {
      findings.error(
          statement.line(),
          "a statement of %s, more than the %s that get through to the server (max_allowed_packet)"
              .formatted(size(statement.length()), size(destination.largestStatement())),
          "dump again with --net-buffer-length=1M, or raise max_allowed_packet under mysql.options");
    } else if (destination.largestTransaction() > 0
        && statement.length() > destination.largestTransaction()) {
      findings.error(
          statement.line(),
          "a statement of %s, more than the %s that the group takes in one transaction"
              .formatted(size(statement.length()), size(destination.largestTransaction())),
          "dump again with --net-buffer-length=1M");
    }
  }

  private static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private void rows(List<Token> head, DumpStatement statement) {
    RowsStatement.parse(head)
        .ifPresent(
            rows -> {
              lookAtSchema(rows.name(), statement);
              TableHistory table = tables.get(rows.name().name());
              if (table != null) {
                table.takesRows();
              }
            });
  }

  private void created(CreateTable table, DumpStatement statement) {
    lookAtSchema(table.name(), statement);
    if (table.temporary()) {
      return;
    }
    String name = table.name().name();
    long line = statement.line();
    if (destination.tables().contains(name) && !dropped.contains(name)) {
      exists(table, line);
    }
    Optional<TableHistory> like = table.like().map(other -> tables.get(other.name()));
    if (table.like().isPresent()) {
      like.ifPresent(other -> tables.put(name, new TableHistory(name, other, line)));
      return;
    }
    TableHistory previous = tables.get(name);
    if (previous != null && table.ifNotExists()) {
      return;
    }
    TableHistory history = new TableHistory(table, statement.text(), line);
    tables.put(name, history);
    if (table.asSelect() && !destination.hasCreateSelect()) {
      findings.error(
          line,
          "table %s is made from a query, which MySQL %s refuses in a group"
              .formatted(readable(name), destination.version()),
          "split it into CREATE TABLE and INSERT … SELECT");
    }
    engine(history, table.engine(), statement);
    for (Definition definition : table.definitions()) {
      foreignKey(definition, statement);
    }
    CreateTable.option(table.options(), "UNION")
        .filter(t -> history.isOfOtherEngine() && options.convertEngines())
        .ifPresent(
            t ->
                findings.error(
                    line,
                    "table %s is a view of other tables (MERGE), and can't become InnoDB"
                        .formatted(readable(name)),
                    "write a view instead"));
  }

  private void exists(CreateTable table, long line) {
    String shown = readable(table.name().name());
    if (table.ifNotExists()) {
      findings.warning(
          line,
          "table %s is there already and stays: rows of the dump are added to its own"
              .formatted(shown),
          "");
    } else {
      findings.error(
          line,
          "table %s is there already, and the dump doesn't drop it".formatted(shown),
          "drop it yourself, or dump again with --add-drop-table");
    }
  }

  private static void engine(TableHistory table, Optional<Token> engine, DumpStatement statement) {
    engine
        .filter(e -> !e.text().equalsIgnoreCase("InnoDB"))
        .ifPresent(
            e -> table.hasEngine(DumpStatement.readable(e.text()), statement.lineAt(e.start())));
  }

  private Optional<Definition.ForeignKey> foreignKeyOf(Definition definition) {
    return definition
        .foreignKey()
        .or(
            () ->
                destination.hasColumnReferences()
                    ? definition.referenceOfColumn()
                    : Optional.empty());
  }

  private void foreignKey(Definition definition, DumpStatement statement) {
    Optional<Definition.ForeignKey> key = foreignKeyOf(definition);
    if (key.isEmpty()) {
      return;
    }
    long line = statement.lineAt(key.get().start());
    if (options.dropForeignKeys()) {
      findings.note(line, "foreign keys are left out (--drop-foreign-keys)");
    } else if (key.get().cascades() && destination.multiPrimary()) {
      findings.error(
          line,
          "a foreign key that changes other rows (ON DELETE or ON UPDATE CASCADE, SET NULL): "
              + shorten(statement.text().substring(key.get().start(), key.get().end())),
          "in multi-primary mode a group refuses it: use --drop-foreign-keys, or mode single-primary");
    }
  }

  private static String shorten(String sql) {
    String line = readable(sql).replaceAll("\\s+", " ");
    return line.length() <= 100 ? line : line.substring(0, 99) + "…";
  }

  private void altered(AlterTable alter, DumpStatement statement) {
    lookAtSchema(alter.name(), statement);
    TableHistory table = tables.get(alter.name().name());
    if (table != null) {
      table.altered(alter, statement.text(), statement.line());
      for (Definition clause : alter.clauses()) {
        engine(table, CreateTable.option(clause.tokens(), "ENGINE"), statement);
      }
    }
    for (Definition clause : alter.clauses()) {
      AlterTable.added(clause).ifPresent(added -> foreignKey(added, statement));
    }
  }

  private void dropped(List<Token> tokens) {
    Words words = new Words(tokens);
    words.accept("DROP");
    words.accept("TABLE", "VIEW");
    words.acceptAll("IF", "EXISTS");
    do {
      Optional<Words.Name> name = words.name();
      if (name.isPresent()) {
        String table = name.get().name();
        dropped.add(table);
        // Old dumps make a table for each view first, and drop it again.
        if (tables.containsKey(table) && !tables.get(table).hasRows()) {
          tables.remove(table);
          // They are MyISAM, which the server may be told to refuse.
          fixes.put(table, new TableFix("", false, List.of(), true));
        }
      }
    } while (words.accept(','));
  }

  private void defined(StatementKind kind, List<Token> tokens, DumpStatement statement) {
    if (kind == StatementKind.FUNCTION
        && !destination.administration()
        && !destination.trustsFunctionCreators()) {
      findings.error(
          statement.line(),
          "a function or trigger, which the application's account may not make"
              + " (log_bin_trust_function_creators=OFF)",
          "load through a node: --node NAME");
    }
    Optional<Definer> definer = Definer.of(tokens);
    if (definer.isEmpty() || definer.get().account().equals(destination.owner())) {
      return;
    }
    String account = readable(definer.get().account());
    if (options.stripDefiners()) {
      findings.note(
          statement.line(), "definer %s becomes %s".formatted(account, destination.owner()));
    } else if (!destination.administration()) {
      findings.error(
          statement.line(),
          "definer %s: the application's account may not work for another one".formatted(account),
          "use --strip-definers");
    } else if (!destination.accounts().contains(definer.get().account())) {
      findings.warning(
          statement.line(),
          "definer %s is no account here: what it defines fails when it is used".formatted(account),
          "use --strip-definers, or make the account");
    }
  }

  private void set(SetStatement set, DumpStatement statement) {
    for (SetStatement.Assignment assignment : set.assignments()) {
      long line = statement.lineAt(assignment.words().start());
      if (assignment.isGtid()) {
        findings.warning(
            line,
            "%s is skipped: GTIDs and the binary log are the group's own"
                .formatted(assignment.variable()),
            "dump with --set-gtid-purged=OFF to be rid of this");
      } else if (assignment.scope() == SetStatement.Scope.GLOBAL) {
        findings.warning(
            line,
            "SET GLOBAL %s is skipped: a dump doesn't configure servers"
                .formatted(readable(assignment.variable())),
            "set it under mysql.options if you need it");
      }
      if (assignment.hasMode("NO_BACKSLASH_ESCAPES")) {
        findings.error(
            line,
            "sql_mode NO_BACKSLASH_ESCAPES, under which strings end elsewhere",
            "dump without it");
      }
      assignment
          .characterSet()
          .filter(t -> UNSAFE.contains(t.text().toLowerCase(Locale.ROOT)))
          .ifPresent(
              t ->
                  findings.error(
                      line,
                      "the dump is in %s, in which a quote can be half of a character"
                          .formatted(t.text()),
                      "dump with --default-character-set=utf8mb4"));
    }
    if (set.hasGoneMode() && !destination.hasNoAutoCreateUser()) {
      findings.warning(
          statement.line(),
          "sql_mode NO_AUTO_CREATE_USER is left out: MySQL %s has it no more"
              .formatted(destination.version()),
          "");
    }
  }

  private void other(StatementKind kind, List<Token> tokens, DumpStatement statement) {
    long line = statement.line();
    switch (kind) {
      case USE -> schema(new Words(tokens.subList(1, tokens.size())).name(), line);
      case CREATE_SCHEMA, DROP_SCHEMA -> {
        Words words = new Words(tokens);
        words.accept("CREATE", "DROP");
        words.next();
        words.acceptAll("IF", "NOT", "EXISTS");
        words.acceptAll("IF", "EXISTS");
        if (schema(words.name(), line) && kind == StatementKind.DROP_SCHEMA) {
          findings.warning(
              line, "DROP DATABASE is skipped: only tables of the dump are replaced", "");
        }
      }
      case LOCK -> findings.note(line, "LOCK TABLES is skipped: a group knows no locks of tables");
      case TRANSACTION ->
          findings.note(
              line, "transactions of the dump are skipped: rows are committed as they go");
      case REPLICATION ->
          findings.warning(
              line, "skipped, as it would change replication: " + statement.beginning(), "");
      case ACCOUNT ->
          findings.error(
              line,
              "accounts and rights don't belong into an application's dump: "
                  + tokens.get(0).keyword(),
              "take the statement out; accounts are made by clusterctl up, or with clusterctl sql");
      case FILE, CLIENT ->
          findings.error(
              line,
              "can't be loaded from here: " + statement.beginning(),
              "put what it reads into the dump");
      default -> {
        // Nothing else is known to matter.
      }
    }
  }

  private void lookAtSchema(Words.Name name, DumpStatement statement) {
    if (name.schema().isPresent()) {
      schema(name.schema().map(s -> new Words.Name(Optional.empty(), s, 0)), statement.line());
    }
  }

  /** Whether it is ours; otherwise that is an error. */
  private boolean schema(Optional<Words.Name> name, long line) {
    boolean ours = name.map(n -> n.name().equals(destination.schema())).orElse(false);
    if (!ours) {
      findings.error(
          line,
          "the dump is for schema %s, and is to be loaded into %s"
              .formatted(readable(name.map(Words.Name::name).orElse("?")), destination.schema()),
          OTHER_SCHEMA_ADVICE);
    }
    return ours;
  }

  private void lookAtCharacterSets(List<Token> tokens, DumpStatement statement) {
    for (int i = 0; i + 1 < tokens.size(); i++) {
      Token token = tokens.get(i);
      boolean collation = token.is("COLLATE");
      boolean set =
          token.is("CHARSET")
              || (token.is("SET") && i > 0 && tokens.get(i - 1).isAny("CHARACTER", "CHAR"));
      boolean names = token.is("NAMES") && i > 0 && tokens.get(i - 1).is("SET");
      if (!collation && !set && !names) {
        continue;
      }
      int at = i + (tokens.get(i + 1).is('=') ? 2 : 1);
      if (at >= tokens.size()) {
        continue;
      }
      Token value = tokens.get(at);
      if (value.kind() == Token.Kind.SYMBOL || value.is("DEFAULT")) {
        continue;
      }
      boolean known =
          collation
              ? destination.knowsCollation(value.text())
              : destination.knowsCharacterSet(value.text());
      if (!known) {
        findings.error(
            statement.lineAt(value.start()),
            "MySQL %s doesn't know the %s %s"
                .formatted(
                    destination.version(),
                    collation ? "collation" : "character set",
                    readable(value.text())),
            "replace it in the dump, by utf8mb4%s for instance"
                .formatted(collation ? "_unicode_ci" : ""));
      }
    }
  }

  private static String readable(String bytes) {
    return DumpStatement.readable(bytes);
  }
}
