package dev.clusterctl.output;

import dev.clusterctl.step.EventSink;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The owner of what the user sees: shows events as they come, and results at the end. May be used
 * by many threads.
 */
public interface Output extends EventSink, AutoCloseable {

  /**
   * A command's result.
   *
   * @param kind the value of the key {@code event} in JSON
   * @param json its data in JSON: strings, numbers, booleans, lists and maps of these
   * @param text the same for people, in lines
   */
  void result(String kind, Map<String, ?> json, Supplier<List<String>> text);

  /** Colours and symbols for the lines of results. */
  Style style();

  /** Ends what is still being drawn; the terminal is as it was before. */
  @Override
  void close();
}
