package dev.clusterctl.operation.roles;

import dev.clusterctl.step.Event;
import dev.clusterctl.step.EventSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a change of roles does, told as it happens and kept for the report. For many threads. */
final class Story {
  private final long start = System.nanoTime();
  private final EventSink sink;
  private final List<RoleChange.Moment> moments = new ArrayList<>();
  private final List<String> open = new ArrayList<>();

  Story(EventSink sink) {
    this.sink = sink;
  }

  /** Something happened. */
  void tell(String what) {
    synchronized (this) {
      moments.add(new RoleChange.Moment(elapsed(), what));
    }
    sink.accept(new Event.Message(Event.Level.INFO, what));
  }

  /** Something is left to be done, though the roles have changed. */
  void leaveOpen(String what) {
    synchronized (this) {
      moments.add(new RoleChange.Moment(elapsed(), what));
      open.add(what);
    }
    sink.accept(new Event.Message(Event.Level.WARNING, what));
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  synchronized List<RoleChange.Moment> moments() {
    return List.copyOf(moments);
  }

  synchronized List<String> open() {
    return List.copyOf(open);
  }
}
