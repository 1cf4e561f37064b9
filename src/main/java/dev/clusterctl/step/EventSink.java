package dev.clusterctl.step;

/** Where events go. Called from many threads; must not block for long and must not throw. */
@FunctionalInterface
public interface EventSink {
  void accept(Event event);
}
