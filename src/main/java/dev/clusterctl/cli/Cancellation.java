package dev.clusterctl.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the running command is to stop, why, and who wants to know. */
final class Cancellation {
  private final List<Runnable> listeners = new ArrayList<>();
  private Optional<Reason> reason = Optional.empty();

  /** Why. */
  enum Reason {
    INTERRUPTED,
    TIMED_OUT
  }

  /** Calls the listener once the command is to stop: at once if that is so already. */
  void listen(Runnable listener) {
    synchronized (this) {
      if (reason.isEmpty()) {
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /** The listener's work is done: it doesn't want to know any more. */
  synchronized void forget(Runnable listener) {
    listeners.remove(listener);
  }

  /**
   * Tells everybody to stop.
   *
   * @return whether anybody was told: not if nobody listens, or if all were told before
   */
  boolean cancel(Reason why) {
    List<Runnable> told;
    synchronized (this) {
      if (reason.isPresent() || listeners.isEmpty()) {
        return false;
      }
      reason = Optional.of(why);
      told = List.copyOf(listeners);
    }
    told.forEach(Runnable::run);
    return true;
  }

  synchronized Optional<Reason> reason() {
    return reason;
  }
}
