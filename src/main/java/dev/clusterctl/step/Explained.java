package dev.clusterctl.step;

import java.util.List;

/**
 * What a failure can say beyond its message. Exceptions of the rooms that work on machines
 * implement it, so that whoever reports a failure need not know those rooms.
 */
public interface Explained {

  /** The failed command's own last lines; empty where there was no command. */
  default List<String> lastLines() {
    return List.of();
  }

  /** What to do next, for people; empty where nothing better than the message is known. */
  default String advice() {
    return "";
  }
}
