package dev.clusterctl.load;

import dev.clusterctl.load.Rewriter.Action;
import dev.clusterctl.waiting.WaitTimeoutException;
import dev.clusterctl.waiting.Waiting;
import dev.clusterctl.waiting.Waiting.Look;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Runs the statements of a dump, one after the other.
 *
 * <p>MySQL commits by itself at every statement that defines something, so a dump can't be one
 * transaction. Instead, rows go in transactions of about a megabyte, each together with the {@link
 * LoadRecord} of it; a statement that defines something is announced in the record before and
 * ticked off after. So at any moment the schema itself says what of the dump is in it, and a load
 * that was cut off, by whatever, goes on with the next statement: another session runs the dump's
 * SETs again, skips what is done, and goes on. Where only the connection was lost (a fail-over),
 * this happens at once.
 */
public final class Loader {
  /** Rows are committed when their statements are together longer than this, in bytes. */
  private static final int TRANSACTION = 1 << 20;

  private static final int MOST_STATEMENTS = 1000;
  private static final Duration RECONNECT = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(500);

  /** How often it may fail at one place before it is not the cluster's fault. */
  private static final int ATTEMPTS = 5;

  /**
   * Errors that pass when a group has got over a fail-over, or over two who wrote the same: server
   * shutdown, error at commit, lock wait, dead lock, read-only, killed, offline mode, a hook of
   * Group Replication that refused, a conflict. From 2000 on: of clients and proxies.
   */
  private static final Set<Integer> PASSING =
      Set.of(
          1040, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1180, 1205, 1213, 1290, 1317, 1836,
          1927, 2002, 2003, 2006, 2013, 2027, 2055, 3032, 3100, 3101, 9001, 9002);

  /** What a statement that defines something says when it was done before. */
  private static final Set<Integer> DONE_BEFORE =
      Set.of(1007, 1022, 1050, 1051, 1060, 1061, 1068, 1091, 1146, 1304, 1359, 1537, 1826);

  private static final int NEEDS_PRIMARY_KEY = 3098;

  private final DumpFile file;
  private final Analysis analysis;
  private final Rewriter rewriter;
  private final Destination destination;
  private final LoadOptions options;
  private final Target target;
  private final LoadProgress progress;

  private long statements;
  private long rows;
  private int reconnects;
  private long began;
  private long lastLine;

  public Loader(
      DumpFile file,
      Analysis analysis,
      Destination destination,
      LoadOptions options,
      Target target,
      LoadProgress progress) {
    this.file = file;
    this.analysis = analysis;
    this.rewriter = new Rewriter(analysis, destination, options);
    this.destination = destination;
    this.options = options;
    this.target = target;
    this.progress = progress;
  }

  /**
   * Loads it from the beginning.
   *
   * @throws LoadException if a statement fails; says which, and how to go on
   * @throws InterruptedException if the thread is interrupted; the record says how far it came
   */
  public LoadResult fromStart() throws IOException, InterruptedException {
    try (Connection connection = target.connect()) {
      LoadRecord.begin(connection, file.name(), analysis.totals(), options);
    } catch (SQLException e) {
      throw new LoadException(
          "can't begin to load %s: %s".formatted(file.path(), message(e)), "", e);
    }
    return goOn();
  }

  /**
   * Goes on where the record says.
   *
   * @throws LoadException as {@link #fromStart}, and where the record is of another dump
   */
  public LoadResult goOn() throws IOException, InterruptedException {
    long start = System.nanoTime();
    began = -1;
    long failedAt = -1;
    for (int attempts = 1; ; attempts++) {
      Optional<LoadRecord> at = Optional.empty();
      try (Connection connection = connect()) {
        at = Optional.of(record(connection));
        began = began < 0 ? at.get().bytes() : began;
        lastLine = at.get().line();
        pass(connection, at.get());
        LoadRecord.remove(connection);
        return new LoadResult(
            statements,
            rows,
            analysis.totals().bytes() - began,
            reconnects,
            Duration.ofNanos(System.nanoTime() - start));
      } catch (SQLException e) {
        attempts = at.map(LoadRecord::bytes).orElse(failedAt) > failedAt ? 1 : attempts;
        failedAt = at.map(LoadRecord::bytes).orElse(failedAt);
        if (!passes(e) || attempts >= ATTEMPTS) {
          throw new LoadException(
              "loading %s stopped: %s".formatted(file.path(), message(e)), goOnAdvice(), e);
        }
        reconnects++;
      }
    }
  }

  private LoadRecord record(Connection connection) throws SQLException, LoadException {
    LoadRecord record =
        LoadRecord.take(connection)
            .orElseThrow(
                () ->
                    new LoadException(
                        "%s has no record of a load that could go on".formatted(target.schema()),
                        "load it from the start"));
    if (!record.isOf(analysis.totals(), options)) {
      throw new LoadException(
          "what is half loaded is %s%s, and not this"
              .formatted(
                  record.file(), record.options().isEmpty() ? "" : " with " + record.options()),
          "go on with that, or use --from-start to load this one instead");
    }
    return record;
  }

  /** A session with a server that takes writes, as soon as there is one. */
  private Connection connect() throws IOException, InterruptedException {
    try {
      return Waiting.until(
          "a server takes writes for " + target.schema(),
          RECONNECT,
          LOOK,
          () -> {
            try {
              return Look.found(target.connect());
            } catch (SQLException e) {
              if (!passes(e)) {
                throw new LoadException("can't connect: " + message(e), goOnAdvice(), e);
              }
              return Look.notYet(message(e));
            }
          });
    } catch (WaitTimeoutException e) {
      throw new LoadException(String.valueOf(e.getMessage()), goOnAdvice(), e);
    }
  }

  /** Runs what is not done yet, in one session. */
  private void pass(Connection connection, LoadRecord from)
      throws SQLException, IOException, InterruptedException {
    boolean doubtful = from.doubtful();
    try (DumpFile.Content content = file.open();
        StatementReader reader =
            new StatementReader(content, Math.toIntExact(destination.largestStatement()));
        Statement session = connection.createStatement()) {
      session.setEscapeProcessing(false);
      Batch batch = new Batch(session, from);
      for (Optional<DumpStatement> s = reader.next(); s.isPresent(); s = reader.next()) {
        DumpStatement statement = s.get();
        Action action = rewriter.action(statement);
        boolean done = statement.end() <= from.bytes();
        if (action instanceof Action.Skip || (done && !(action instanceof Action.Setting))) {
          continue;
        }
        if (Thread.interrupted()) {
          batch.commit();
          throw new InterruptedException();
        }
        if (action instanceof Action.Rows change) {
          batch.add(change.sql(), statement);
        } else if (action instanceof Action.Setting setting) {
          batch.commit();
          execute(session, setting.sql(), statement);
        } else if (action instanceof Action.Define define) {
          batch.commit();
          define(session, define.sql(), statement, from, doubtful);
          doubtful = false;
        }
        if (!done && !batch.isOpen()) {
          progress.done(statement.end(), content.bytesOfFile(), statements, rows);
        }
      }
      batch.commit();
    }
  }

  private void define(
      Statement session, String sql, DumpStatement statement, LoadRecord record, boolean doubtful)
      throws SQLException, LoadException {
    record.doubt(session, true);
    try {
      session.execute(sql);
      statements++;
    } catch (SQLException e) {
      boolean doneBefore = doubtful && DONE_BEFORE.contains(e.getErrorCode());
      if (!doneBefore) {
        if (!passes(e)) {
          // The server refused it, so there is no doubt about it.
          record.doubt(session, false);
        }
        throw failure(e, statement);
      }
    }
    record.advance(session, statement.end(), statement.line());
    lastLine = statement.line();
  }

  private void execute(Statement session, String sql, DumpStatement statement)
      throws SQLException, LoadException {
    try {
      session.execute(sql);
      rows += Math.max(0, session.getUpdateCount());
    } catch (SQLException e) {
      throw failure(e, statement);
    }
  }

  /** An error that passes as it is; any other with its line. */
  private SQLException failure(SQLException e, DumpStatement statement) throws LoadException {
    if (passes(e)) {
      return e;
    }
    String why =
        e.getErrorCode() == NEEDS_PRIMARY_KEY
            ? "the group refuses rows for this table: it has no primary key, another engine, or a"
                + " cascading foreign key"
            : message(e);
    throw new LoadException(
        "%s:%d: %s: %s".formatted(file.path(), statement.line(), statement.beginning(), why),
        goOnAdvice(),
        e);
  }

  private String goOnAdvice() {
    return "%s. Once the reason is gone, `clusterctl load` with --resume goes on, with --from-start it begins again"
        .formatted(
            lastLine == 0
                ? "nothing is loaded yet"
                : "all up to the statement in line %,d is loaded, nothing after it"
                    .formatted(lastLine));
  }

  /** The line of the last statement that is committed; 0: none is. */
  public long lastLine() {
    return lastLine;
  }

  private static boolean passes(SQLException e) {
    return (e.getSQLState() != null && e.getSQLState().startsWith("08") && e.getErrorCode() == 0)
        || PASSING.contains(e.getErrorCode());
  }

  /** Connector/J's messages run over several lines. */
  private static String message(SQLException e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String first = text.lines().filter(l -> !l.isBlank()).findFirst().orElse(text);
    return e.getErrorCode() == 0 ? first : "%s (error %d)".formatted(first, e.getErrorCode());
  }

  /** Rows that are committed together, with the record of them. */
  private final class Batch {
    private final Statement session;
    private final LoadRecord record;
    private long bytes;
    private int count;
    private long end;
    private long line;

    Batch(Statement session, LoadRecord from) {
      this.session = session;
      this.record = from;
      this.end = from.bytes();
      this.line = from.line();
    }

    boolean isOpen() {
      return count > 0;
    }

    void add(String sql, DumpStatement statement) throws SQLException, LoadException {
      if (!isOpen()) {
        session.execute("START TRANSACTION");
      }
      count++;
      execute(session, sql, statement);
      statements++;
      bytes += statement.length();
      end = statement.end();
      line = statement.line();
      if (bytes >= TRANSACTION || count >= MOST_STATEMENTS) {
        commit();
      }
    }

    void commit() throws SQLException {
      if (isOpen()) {
        record.advance(session, end, line);
        session.execute("COMMIT");
        lastLine = line;
        count = 0;
        bytes = 0;
      }
    }
  }
}
