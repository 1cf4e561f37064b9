package dev.clusterctl.step;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Steps and the order that their needs impose; steps that don't need each other run side by side.
 */
public final class Plan {
  private final Map<String, Step> steps;
  private final Function<Step, String> phases;

  private Plan(Map<String, Step> steps, Function<Step, String> phases) {
    this.steps = steps;
    this.phases = phases;
  }

  /**
   * @throws IllegalArgumentException if an id occurs twice, a need is unknown, or needs form a
   *     circle
   */
  public static Plan of(Collection<? extends Step> steps) {
    return of(steps, step -> "");
  }

  /**
   * @param phases the part of the whole that a step belongs to, for people; empty for none
   * @throws IllegalArgumentException if an id occurs twice, a need is unknown, or needs form a
   *     circle
   */
  public static Plan of(Collection<? extends Step> steps, Function<Step, String> phases) {
    Map<String, Step> byId = new LinkedHashMap<>();
    for (Step step : steps) {
      if (byId.put(step.id(), step) != null) {
        throw new IllegalArgumentException("two steps are called " + step.id());
      }
    }
    for (Step step : steps) {
      for (String need : predecessors(step)) {
        if (!byId.containsKey(need)) {
          throw new IllegalArgumentException(step.id() + " needs " + need + ", which isn't there");
        }
      }
    }
    return new Plan(sorted(byId), phases);
  }

  /** The part of the whole that a step belongs to; empty for none. */
  public String phase(Step step) {
    return phases.apply(step);
  }

  /** The steps, each after all that it needs, otherwise in the order they were given. */
  public List<Step> steps() {
    return List.copyOf(steps.values());
  }

  /** All steps that must be over before this one begins. */
  static Set<String> predecessors(Step step) {
    Set<String> all = new LinkedHashSet<>(step.needs());
    all.addAll(step.after());
    return all;
  }

  private static Map<String, Step> sorted(Map<String, Step> byId) {
    Map<String, Step> result = new LinkedHashMap<>();
    Set<String> onTheWay = new LinkedHashSet<>();
    for (String id : byId.keySet()) {
      visit(id, byId, onTheWay, result);
    }
    return result;
  }

  private static void visit(
      String id, Map<String, Step> byId, Set<String> onTheWay, Map<String, Step> result) {
    if (result.containsKey(id)) {
      return;
    }
    if (!onTheWay.add(id)) {
      List<String> circle = new ArrayList<>(onTheWay);
      circle.add(id);
      throw new IllegalArgumentException("steps need each other: " + String.join(" → ", circle));
    }
    Step step = byId.get(id);
    if (step != null) {
      for (String need : predecessors(step)) {
        visit(need, byId, onTheWay, result);
      }
      result.put(id, step);
    }
    onTheWay.remove(id);
  }
}
