package dev.clusterctl.step;

import dev.clusterctl.step.Event.Activity;
import dev.clusterctl.step.Event.Outcome;
import dev.clusterctl.step.Step.Check;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs plans: every step as soon as those that it needs are satisfied, at most so many at a time.
 *
 * <p>A step that fails takes only those with it that need it; all the others go on, and every
 * failure is in the report. Once cancelled, an executor stays so: later runs do nothing.
 */
public final class Executor {
  private final int parallel;
  private final EventSink sink;

  /** Guards {@link #cancelled} and {@link #working}: nobody may start while somebody cancels. */
  private final Object lock = new Object();

  private final Set<Thread> working = new HashSet<>();
  private boolean cancelled;

  /** What a run is for. */
  public enum Mode {
    /** Only look: says what {@link #APPLY} would do. */
    PLAN,
    /** Look, and make it so. */
    APPLY
  }

  /**
   * @param parallel how many steps may run at the same time, 1 or more
   * @param sink told of everything; an exception that it throws is logged and otherwise ignored
   * @throws IllegalArgumentException if {@code parallel} is less than 1
   */
  public Executor(int parallel, EventSink sink) {
    if (parallel < 1) {
      throw new IllegalArgumentException("at least one step at a time, not " + parallel);
    }
    this.parallel = parallel;
    this.sink = sink;
  }

  /**
   * Runs a plan and waits for its end. Never throws because of a step. An interrupt of the calling
   * thread cancels the run, and is passed on to the caller.
   */
  public Report run(Plan plan, Mode mode) {
    return new Run(plan, mode).run();
  }

  /**
   * Interrupts the steps that are running and lets no other begin. Returns at once; {@link #run}
   * returns when the interrupted steps have ended.
   */
  public void cancel() {
    synchronized (lock) {
      cancelled = true;
      working.forEach(Thread::interrupt);
    }
  }

  /** Whether {@link #cancel} was called. */
  public boolean isCancelled() {
    synchronized (lock) {
      return cancelled;
    }
  }

  private void emit(EventSink to, Event event) {
    try {
      to.accept(event);
    } catch (RuntimeException e) {
      // Whoever shows what happens must not be able to stop it from happening.
      Log.LOGGER.warn("an event could not be shown", e);
    }
  }

  /** Keeps the logging library out of runs in which nothing is logged: it takes long to load. */
  private static final class Log {
    private static final Logger LOGGER = LoggerFactory.getLogger(Executor.class);
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  /** One step from its begin to its end, whatever happens, on a worker's thread. */
  private Ended execute(Step step, Mode mode, EventSink events) {
    long start = System.nanoTime();
    synchronized (lock) {
      if (cancelled) {
        return new Ended(step, new Outcome.Cancelled(), Duration.ZERO);
      }
      working.add(Thread.currentThread());
    }
    Outcome outcome;
    try {
      outcome = attempt(step, mode, events);
    } catch (Throwable e) {
      // Even an Error: a step that never ends would let the run wait for ever.
      outcome = isCancelled() ? new Outcome.Cancelled() : new Outcome.Failed(e);
    }
    synchronized (lock) {
      working.remove(Thread.currentThread());
      // An interrupt that came too late was not meant for the next step.
      Thread.interrupted();
    }
    return new Ended(step, outcome, since(start));
  }

  private Outcome attempt(Step step, Mode mode, EventSink events) throws Exception {
    emit(events, new Event.StepStarted(step, Activity.CHECKING));
    Check check = step.check();
    if (!(check instanceof Check.Differs found)) {
      note(step, check, events);
      return new Outcome.Unchanged();
    }
    if (mode == Mode.PLAN) {
      return new Outcome.WouldChange(found.changes(), found.diff());
    }
    if (isCancelled()) {
      return new Outcome.Cancelled();
    }
    emit(events, new Event.StepStarted(step, Activity.APPLYING));
    step.apply(detail -> emit(events, new Event.StepProgress(step, detail)));
    if (!step.verifiesItself()) {
      emit(events, new Event.StepStarted(step, Activity.VERIFYING));
      Check verified = step.check();
      if (verified instanceof Check.Differs still) {
        throw new StepFailedException(step, still);
      }
      note(step, verified, events);
    }
    return new Outcome.Changed(found.changes());
  }

  private void note(Step step, Check check, EventSink events) {
    if (check instanceof Check.Satisfied satisfied) {
      for (String note : satisfied.notes()) {
        emit(events, new Event.Message(Event.Level.INFO, step.subject() + ": " + note));
      }
    }
  }

  /** What the end of a step means for one that needs it; null: nothing, it may run. */
  private static @Nullable Outcome inherited(Ended need) {
    Outcome outcome = need.outcome();
    String name = need.step().subject() + ": " + need.step().title();
    if (outcome instanceof Outcome.Failed) {
      return new Outcome.Skipped(name);
    } else if (outcome instanceof Outcome.WouldChange) {
      return new Outcome.Later(name);
    } else if (outcome instanceof Outcome.Unchanged || outcome instanceof Outcome.Changed) {
      return null;
    }
    return outcome; // Skipped, Later, Cancelled: for the same reason
  }

  private record Ended(Step step, Outcome outcome, Duration took) {}

  /**
   * One run. The graph is known to the thread that called {@link Executor#run} only; workers do a
   * step at a time and hand its outcome back through a queue. So nothing here needs a lock.
   */
  private final class Run {
    private final Plan plan;
    private final Mode mode;
    private final EventSink events;
    private final Map<String, Step> steps = new HashMap<>();
    private final Map<String, Integer> openNeeds = new HashMap<>();
    private final Map<String, List<Step>> dependents = new HashMap<>();
    private final Map<String, Ended> ended = new HashMap<>();
    private final Deque<Step> ready = new ArrayDeque<>();
    private final Map<String, Outcome.Later> foreseen = new HashMap<>();
    private final BlockingQueue<Ended> done = new LinkedBlockingQueue<>();
    private int running;

    Run(Plan plan, Mode mode) {
      this.plan = plan;
      this.mode = mode;
      this.events = new Phases(plan, sink);
      for (Step step : plan.steps()) {
        steps.put(step.id(), step);
        Set<String> predecessors = Plan.predecessors(step);
        openNeeds.put(step.id(), predecessors.size());
        dependents.put(step.id(), new ArrayList<>());
        // The plan's order has every step after those that it needs.
        predecessors.forEach(need -> dependentsOf(need).add(step));
        if (predecessors.isEmpty()) {
          ready.add(step);
        }
      }
    }

    Report run() {
      long start = System.nanoTime();
      boolean interrupted = false;
      ExecutorService pool = pool();
      try {
        while (ended.size() < steps.size()) {
          startWhatCan(pool);
          if (running == 0) {
            continue;
          }
          try {
            Ended one = done.take();
            running--;
            settle(one);
          } catch (InterruptedException e) {
            interrupted = true;
            cancel();
          }
        }
      } finally {
        pool.shutdown();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      return report(since(start));
    }

    private void startWhatCan(ExecutorService pool) {
      while (!ready.isEmpty() && running < parallel) {
        Step step = ready.remove();
        if (isCancelled()) {
          settle(new Ended(step, new Outcome.Cancelled(), Duration.ZERO));
        } else {
          running++;
          @Nullable Outcome later = foreseen.get(step.id());
          pool.execute(
              () -> {
                Ended end = execute(step, mode, events);
                // What can't be said of the future stays in it.
                done.add(
                    later == null || end.outcome() instanceof Outcome.WouldChange
                        ? end
                        : new Ended(step, later, end.took()));
              });
        }
      }
    }

    /** Records how a step ended, and what that means for those that need it. */
    private void settle(Ended one) {
      emit(events, new Event.StepEnded(one.step(), one.outcome(), one.took()));
      ended.put(one.step().id(), one);
      for (Step dependent : dependentsOf(one.step().id())) {
        if (openNeeds.merge(dependent.id(), -1, Integer::sum) == 0) {
          decide(dependent);
        }
      }
    }

    /** All that a step needs has ended: it may run, or what it needs says how it ends. */
    private void decide(Step step) {
      Outcome fate = null;
      for (String need : Plan.predecessors(step)) {
        Ended of = ended.get(need);
        if (of == null) {
          throw new IllegalStateException(need + " has not ended");
        }
        Outcome inherited = inherited(of);
        if (!step.needs().contains(need)
            && (inherited instanceof Outcome.Skipped || inherited instanceof Outcome.Failed)) {
          continue; // it only had to be over
        }
        // What can't happen any more outweighs what can only happen later.
        if (inherited != null && (fate == null || fate instanceof Outcome.Later)) {
          fate = inherited;
        }
      }
      if (fate == null && !step.after().isEmpty()) {
        fate = noneLeft(step);
      }
      if (fate instanceof Outcome.Later later && step.foreseeable()) {
        foreseen.put(step.id(), later);
        ready.add(step);
      } else if (fate == null) {
        ready.add(step);
      } else {
        settle(new Ended(step, fate, Duration.ZERO));
      }
    }

    /**
     * Where not one of the steps that only had to be over succeeded, nothing is there to go on
     * with.
     */
    private @Nullable Outcome noneLeft(Step step) {
      Outcome because = null;
      for (String one : step.after()) {
        Ended of = ended.get(one);
        because = of == null ? null : inherited(of);
        if (because == null) {
          return null;
        }
      }
      return because;
    }

    private List<Step> dependentsOf(String id) {
      return dependents.getOrDefault(id, List.of());
    }

    private ExecutorService pool() {
      AtomicInteger number = new AtomicInteger();
      return Executors.newFixedThreadPool(
          parallel,
          task -> {
            Thread thread = new Thread(task, "step-" + number.incrementAndGet());
            // Somebody who leaves at once doesn't wait for a step that ignores its interrupt.
            thread.setDaemon(true);
            return thread;
          });
    }

    private Report report(Duration took) {
      List<Report.Entry> entries = new ArrayList<>();
      for (Step step : plan.steps()) {
        Ended of = ended.get(step.id());
        if (of != null) {
          entries.add(new Report.Entry(step, of.outcome(), of.took()));
        }
      }
      return new Report(entries, took);
    }
  }
}
