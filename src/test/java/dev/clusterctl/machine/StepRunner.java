package dev.clusterctl.machine;

import dev.clusterctl.step.Plan;
import dev.clusterctl.step.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs steps side by side as their needs allow: as little of an executor as a test needs. */
final class StepRunner {
  private StepRunner() {}

  /**
   * Checks and applies.
   *
   * @return what was changed, each line with its step's id
   */
  static List<String> run(List<Step> steps) throws Exception {
    List<String> changes = Collections.synchronizedList(new ArrayList<>());
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      Map<String, CompletableFuture<Void>> done = new HashMap<>();
      for (Step step : Plan.of(steps).steps()) {
        CompletableFuture<?>[] needs =
            step.needs().stream().map(done::get).toArray(CompletableFuture[]::new);
        done.put(
            step.id(), CompletableFuture.allOf(needs).thenRunAsync(() -> run(step, changes), pool));
      }
      CompletableFuture.allOf(done.values().toArray(CompletableFuture[]::new)).join();
      return changes;
    } catch (CompletionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      pool.shutdown();
    }
  }

  private static void run(Step step, List<String> changes) {
    try {
      if (step.check() instanceof Step.Check.Differs differs) {
        step.apply(detail -> {});
        differs.changes().forEach(change -> changes.add(step.id() + ": " + change));
      }
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }
}
