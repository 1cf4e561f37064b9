package dev.clusterctl.mysql;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The transaction numbers of one source: intervals in order that neither overlap nor touch, so that
 * equal sets are equal lists. Every operation passes each list once.
 */
record Intervals(List<Interval> list) {
  static final Intervals NONE = new Intervals(List.of());

  Intervals {
    list = List.copyOf(list);
  }

  /** Of intervals in any order, which may overlap. */
  static Intervals of(List<Interval> any) {
    List<Interval> sorted = new ArrayList<>(any);
    sorted.sort(Comparator.comparingLong(Interval::first));
    List<Interval> joined = new ArrayList<>();
    for (Interval next : sorted) {
      int end = joined.size() - 1;
      if (end >= 0 && next.first() <= joined.get(end).last() + 1) {
        Interval before = joined.get(end);
        joined.set(end, new Interval(before.first(), Math.max(before.last(), next.last())));
      } else {
        joined.add(next);
      }
    }
    return new Intervals(joined);
  }

  Intervals union(Intervals other) {
    List<Interval> both = new ArrayList<>(list);
    both.addAll(other.list);
    return of(both);
  }

  Intervals intersect(Intervals other) {
    List<Interval> common = new ArrayList<>();
    int ours = 0;
    int theirs = 0;
    while (ours < list.size() && theirs < other.list.size()) {
      Interval a = list.get(ours);
      Interval b = other.list.get(theirs);
      long first = Math.max(a.first(), b.first());
      long last = Math.min(a.last(), b.last());
      if (first <= last) {
        common.add(new Interval(first, last));
      }
      if (a.last() < b.last()) {
        ours++;
      } else {
        theirs++;
      }
    }
    return new Intervals(common);
  }

  Intervals subtract(Intervals other) {
    List<Interval> rest = new ArrayList<>();
    int theirs = 0;
    for (Interval ours : list) {
      long from = ours.first();
      while (theirs < other.list.size() && other.list.get(theirs).last() < from) {
        theirs++;
      }
      // One of theirs may reach into several of ours, so this pass has an index of its own.
      for (int i = theirs; i < other.list.size() && other.list.get(i).first() <= ours.last(); i++) {
        Interval gone = other.list.get(i);
        if (from < gone.first()) {
          rest.add(new Interval(from, gone.first() - 1));
        }
        from = gone.last() + 1;
      }
      if (from <= ours.last()) {
        rest.add(new Interval(from, ours.last()));
      }
    }
    return new Intervals(rest);
  }

  /** How many numbers: they are distinct and below 2^63, so this can't overflow. */
  long count() {
    return list.stream().mapToLong(Interval::count).sum();
  }

  boolean isEmpty() {
    return list.isEmpty();
  }

  @Override
  public String toString() {
    return list.stream().map(Interval::toString).collect(Collectors.joining(":"));
  }
}
