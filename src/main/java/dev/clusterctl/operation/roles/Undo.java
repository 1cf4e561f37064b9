package dev.clusterctl.operation.roles;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What takes back what was done so far, the last first. */
final class Undo {
  private final Story story;
  private final Deque<Step> steps = new ArrayDeque<>();

  Undo(Story story) {
    this.story = story;
  }

  /** Takes something back; may be run where the thing itself wasn't done, or only half. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  private record Step(String title, Action action) {}

  /**
   * Notes how something is taken back, before it is done.
   *
   * @param title what is so again afterwards: "db1 takes writes again"
   */
  void push(String title, Action action) {
    steps.push(new Step(title, action));
  }

  /**
   * Takes everything back. One that fails doesn't keep the others from being tried.
   *
   * @return what couldn't be taken back, a line each; empty: all is as it was
   */
  List<String> run() {
    List<String> failed = new ArrayList<>();
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.action().run();
        story.tell("undone: " + step.title());
      } catch (IOException e) {
        failed.add("not undone: %s (%s)".formatted(step.title(), e.getMessage()));
      }
    }
    return failed;
  }
}
