package dev.clusterctl.operation;

import dev.clusterctl.load.Analysis;
import dev.clusterctl.load.LoadResult;
import dev.clusterctl.operation.DataLoad.Begin;
import dev.clusterctl.step.Event;
import dev.clusterctl.step.EventSink;
import dev.clusterctl.step.Executor;
import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Report;
import dev.clusterctl.step.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One load as a step that the user watches: first it is checked, then, perhaps, applied. */
public final class LoadRun {
  private final DataLoad load;
  private final Begin begin;
  private final EventSink events;
  private Optional<Analysis> analysis = Optional.empty();
  private Optional<LoadResult> result = Optional.empty();

  public LoadRun(DataLoad load, Begin begin, EventSink events) {
    this.load = load;
    this.begin = begin;
    this.events = events;
  }

  /** Reads the dump, and says whether it fits. */
  public Analysis analyze() throws IOException, InterruptedException {
    Step step = new Load();
    long began = System.nanoTime();
    events.accept(new Event.StepStarted(step, Event.Activity.CHECKING));
    Event.Outcome outcome = new Event.Outcome.Cancelled();
    try {
      Analysis found =
          load.analyze(begin, detail -> events.accept(new Event.StepProgress(step, detail)));
      analysis = Optional.of(found);
      outcome = new Event.Outcome.Unchanged();
      return found;
    } finally {
      events.accept(
          new Event.StepEnded(step, outcome, Duration.ofNanos(System.nanoTime() - began)));
    }
  }

  /** Loads what was analyzed. */
  public Report load(Executor executor) {
    return executor.run(Plan.of(List.of(new Load()), step -> "load"), Executor.Mode.APPLY);
  }

  /** How it went; empty where it didn't come to its end. */
  public Optional<LoadResult> result() {
    return result;
  }

  private final class Load implements Step {
    @Override
    public String id() {
      return CLUSTER + "/load-" + load.request().database().name();
    }

    @Override
    public String title() {
      return "%s loaded into %s"
          .formatted(load.request().file().getFileName(), load.request().database().name());
    }

    @Override
    public String subject() {
      return CLUSTER;
    }

    @Override
    public Set<String> needs() {
      return Set.of();
    }

    @Override
    public Check check() {
      return Check.differs("load " + load.request().file());
    }

    @Override
    public void apply(Progress progress) throws IOException, InterruptedException {
      result = Optional.of(load.load(analysis.orElseThrow(), begin, progress::report));
    }

    @Override
    public boolean verifiesItself() {
      return true;
    }
  }
}
