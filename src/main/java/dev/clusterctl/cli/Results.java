package dev.clusterctl.cli;

import dev.clusterctl.output.JsonOutput;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The result of a command that has no {@link Session}. */
final class Results {
  private Results() {}

  /**
   * Shows it: as an event with {@code --output json}, as text otherwise.
   *
   * @param text for people; may have several lines; nothing is shown where it is empty
   */
  static void show(Clusterctl root, String kind, Map<String, ?> json, Supplier<String> text) {
    if (root.format() == Clusterctl.Format.JSON) {
      new JsonOutput(root.shell().out(), Clock.systemUTC()).result(kind, json, List::of);
      return;
    }
    text.get().lines().forEach(root.shell().out()::println);
  }
}
