package dev.clusterctl.operation.copies;

import dev.clusterctl.mysql.GtidSet;
import dev.clusterctl.mysql.MySqlException;
import dev.clusterctl.operation.Background;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Compares parts of tables on all nodes at the same position, while writes go on.
 *
 * <p>A server can't be asked what it held at a position, and a replica can't be held at one without
 * stopping it. But a part of a table changes only by transactions that touch it, so its position is
 * known wherever it is known to be unchanged between two of them.
 *
 * <p><b>Without locks.</b> The part is read on the reference (the node that takes writes); each
 * other node waits until it has all transactions that the reference had after that, and reads it
 * too; then the reference reads it again. Where the reference found the same twice, the part was
 * the same at every position in between (unless it changed and changed back within these
 * milliseconds), and every other node read it at such a position: what they found must be equal.
 * Where the reference has no new transaction since before its first reading, that is its second
 * reading as well.
 *
 * <p><b>With a lock.</b> A part that changes all the time, or differs, is looked at once more: on
 * the reference its rows and the gaps between them are locked against changes ({@code LOCK IN SHARE
 * MODE}), the other nodes catch up with what the reference has then, and read. The lock is given up
 * after {@link #LOCKED_AT_MOST} in any case. Of a table without a usable key that is the whole
 * table. In a group a lock is taken away from its holder where another member's transaction needs
 * the row; so what a comparison found counts only if the lock was there to its end.
 */
final class Comparison {
  /** How often a part that changes is compared without locks. */
  private static final int WITHOUT_LOCK = 3;

  private static final int WITH_LOCK = 5;

  /** How long the other nodes may take to catch up while rows are locked. */
  private static final Duration LOCKED_AT_MOST = Duration.ofSeconds(5);

  /** Lock wait timeout, deadlock, and a group's "rolled back, somebody else was first". */
  private static final List<Integer> LOCK_LOST = List.of(1205, 1213, 1180, 3101);

  private final Copy reference;
  private final List<Copy> others;
  private final boolean othersWriteToo;
  private final Duration patience;

  /**
   * @param othersWriteToo whether the others can have transactions before the reference has them
   * @param patience how long a node may take to catch up
   */
  Comparison(Copy reference, List<Copy> others, boolean othersWriteToo, Duration patience) {
    this.reference = reference;
    this.others = List.copyOf(others);
    this.othersWriteToo = othersWriteToo;
    this.patience = patience;
  }

  /** What was found out about a part. */
  sealed interface Outcome {

    /**
     * Compared with every node.
     *
     * @param rows on the reference
     * @param differences none: all are the same
     */
    record Compared(long rows, List<Difference> differences) implements Outcome {}

    /** It couldn't be found out. */
    record Undecided(String why) implements Outcome {}
  }

  /** A node's answer, or that it is behind. */
  private record Answer(Copy copy, Copy.Sum sum, GtidSet executed, boolean caughtUp) {}

  Outcome compare(TableShape table, KeyRange range) throws IOException, InterruptedException {
    for (int i = 0; i < WITHOUT_LOCK; i++) {
      GtidSet before = reference.executed();
      Copy.Sum first = reference.sum(table, range);
      List<Answer> answers = ask(reference.executed(), patience, table, range);
      for (Answer answer : answers) {
        if (!answer.caughtUp()) {
          return behind(answer, patience);
        }
      }
      Copy.Sum second = secondReading(before, first, answers, table, range);
      if (first.equals(second)) {
        return answers.stream().allMatch(a -> a.sum().equals(first))
            ? new Outcome.Compared(first.rows(), List.of())
            : locked(table, range);
      }
    }
    return locked(table, range);
  }

  private Copy.Sum secondReading(
      GtidSet before, Copy.Sum first, List<Answer> answers, TableShape table, KeyRange range)
      throws MySqlException {
    if (othersWriteToo) {
      for (Answer answer : answers) {
        reference.await(answer.executed(), patience);
      }
    }
    return reference.executed().equals(before) ? first : reference.sum(table, range);
  }

  private static Outcome.Undecided behind(Answer answer, Duration waited) {
    return new Outcome.Undecided(
        "%s hasn't caught up within %d s".formatted(answer.copy().node(), waited.toSeconds()));
  }

  private Outcome locked(TableShape table, KeyRange range)
      throws IOException, InterruptedException {
    Outcome last = new Outcome.Undecided("not compared");
    for (int i = 0; i < WITH_LOCK; i++) {
      try {
        last = lockedOnce(table, range);
        if (last instanceof Outcome.Compared) {
          return last;
        }
      } catch (MySqlException e) {
        if (!LOCK_LOST.contains(e.code())) {
          throw e;
        }
        last = new Outcome.Undecided("its rows are written to all the time: " + e.getMessage());
      } finally {
        reference.release();
      }
    }
    return last;
  }

  private Outcome lockedOnce(TableShape table, KeyRange range)
      throws IOException, InterruptedException {
    Copy.Sum wanted = reference.lock(table, range);
    // A transaction that gave up its locks a moment ago may not be in gtid_executed yet: who
    // differs
    // is asked a second time, having caught up once more.
    List<Answer> answers = List.of();
    for (int look = 0; look < 2; look++) {
      answers = ask(reference.executed(), LOCKED_AT_MOST, table, range);
      for (Answer answer : answers) {
        if (!answer.caughtUp()) {
          return behind(answer, LOCKED_AT_MOST);
        }
      }
      if (answers.stream().allMatch(a -> a.sum().equals(wanted))) {
        break;
      }
    }
    List<Difference> differences = new ArrayList<>();
    for (Answer answer : answers) {
      if (!answer.sum().equals(wanted)) {
        differences.add(
            Difference.ofRows(
                answer.copy().node(),
                table,
                range,
                reference.rows(table, range),
                answer.copy().rows(table, range)));
      }
    }
    return reference.locked(table, range).equals(wanted)
        ? new Outcome.Compared(wanted.rows(), differences)
        : new Outcome.Undecided("its rows are written to all the time");
  }

  private List<Answer> ask(GtidSet position, Duration limit, TableShape table, KeyRange range)
      throws IOException, InterruptedException {
    Map<Copy, CompletableFuture<Answer>> asked = new LinkedHashMap<>();
    for (Copy copy : others) {
      asked.put(
          copy,
          Background.call(
              () -> {
                boolean there = copy.await(position, limit);
                Copy.Sum sum = there ? copy.sum(table, range) : new Copy.Sum(0, "", "");
                return new Answer(copy, sum, copy.executed(), there);
              }));
    }
    return all(asked.values());
  }

  /** Waits for all answers, also where one fails: no session may be in use when we go on. */
  static <T> List<T> all(Iterable<CompletableFuture<T>> asked)
      throws IOException, InterruptedException {
    List<T> answers = new ArrayList<>();
    IOException failure = null;
    for (CompletableFuture<T> answer : asked) {
      try {
        answers.add(answer.get());
      } catch (ExecutionException e) {
        IOException next = Background.asIoException(e);
        if (failure != null) {
          next.addSuppressed(failure);
        }
        failure = next;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return answers;
  }
}
