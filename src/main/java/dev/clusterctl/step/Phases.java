package dev.clusterctl.step;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds to a run's events when each part of it began and ended. Parts overlap: the proxy's machine
 * is being provisioned while the servers start.
 */
final class Phases implements EventSink {
  private final Plan plan;
  private final EventSink next;
  private final Map<String, Integer> open = new HashMap<>();
  private final Map<String, Long> begun = new HashMap<>();

  Phases(Plan plan, EventSink next) {
    this.plan = plan;
    this.next = next;
    plan.steps().forEach(step -> open.merge(plan.phase(step), 1, Integer::sum));
  }

  @Override
  public void accept(Event event) {
    if (event instanceof Event.StepStarted started) {
      begin(plan.phase(started.step()));
    }
    next.accept(event);
    if (event instanceof Event.StepEnded ended) {
      end(plan.phase(ended.step()));
    }
  }

  private synchronized void begin(String phase) {
    if (!phase.isEmpty() && begun.putIfAbsent(phase, System.nanoTime()) == null) {
      next.accept(new Event.PhaseStarted(phase));
    }
  }

  private synchronized void end(String phase) {
    Long start = begun.get(phase);
    if (open.merge(phase, -1, Integer::sum) == 0 && start != null) {
      next.accept(new Event.PhaseEnded(phase, Duration.ofNanos(System.nanoTime() - start)));
    }
  }
}
