package dev.clusterctl.operation.failover;

import java.util.BitSet;

/**
 * What became of every row that one writer tried to write: two bits a row, so that an hour's load
 * fits into some kilobytes. Numbers are given out once, in order, and never again, whatever became
 * of the row. Written by the writer's thread alone; read by others once that has ended, apart from
 * {@link #attempts()}.
 */
final class Ledger {
  private final int writer;
  private final BitSet acknowledged = new BitSet();
  private final BitSet inDoubt = new BitSet();
  private volatile int attempts;

  /** What the client knows of a row. */
  enum Fate {
    /** The commit was acknowledged: the row must be there. */
    ACKNOWLEDGED,
    /** The server said no: the row must not be there. */
    REFUSED,
    /** The connection was lost before an answer came: either is right. */
    IN_DOUBT,
    /** Never sent. */
    NOT_SENT
  }

  Ledger(int writer) {
    this.writer = writer;
  }

  int writer() {
    return writer;
  }

  /** How many numbers were given out: they are 0 to one less than this. */
  int attempts() {
    return attempts;
  }

  /** Gives out the next number. Until its fate is recorded it counts as in doubt. */
  int next() {
    int seq = attempts;
    inDoubt.set(seq);
    // One thread writes; others only look how far it is.
    attempts = seq + 1;
    return seq;
  }

  void acknowledged(int seq) {
    inDoubt.clear(seq);
    acknowledged.set(seq);
  }

  void refused(int seq) {
    inDoubt.clear(seq);
  }

  Fate fate(long seq) {
    if (seq < 0 || seq >= attempts) {
      return Fate.NOT_SENT;
    }
    int index = (int) seq;
    if (acknowledged.get(index)) {
      return Fate.ACKNOWLEDGED;
    }
    return inDoubt.get(index) ? Fate.IN_DOUBT : Fate.REFUSED;
  }

  /** The acknowledged rows that aren't among the given ones. */
  BitSet missing(BitSet present) {
    BitSet missing = (BitSet) acknowledged.clone();
    missing.andNot(present);
    return missing;
  }

  /** Those of the given rows whose fate is in doubt. */
  BitSet inDoubtAmong(BitSet present) {
    BitSet result = (BitSet) inDoubt.clone();
    result.and(present);
    return result;
  }

  long count(Fate fate) {
    return switch (fate) {
      case ACKNOWLEDGED -> acknowledged.cardinality();
      case IN_DOUBT -> inDoubt.cardinality();
      case REFUSED -> (long) attempts - acknowledged.cardinality() - inDoubt.cardinality();
      case NOT_SENT -> 0;
    };
  }

  /**
   * What a row carries beside its number, so that a row whose content got mixed up is noticed: any
   * function of run, writer and number that looks random will do (this is SplitMix64's finisher).
   */
  static long token(String run, int writer, long seq) {
    long z = run.hashCode() * 0x9E3779B97F4A7C15L + ((long) writer << 40) + seq;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
