package dev.clusterctl.remote;

import java.util.Map;

/** The signal names of RFC 4254, section 6.10, and what Linux numbers them. */
final class Signals {
  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("HUP", 1),
          Map.entry("INT", 2),
          Map.entry("QUIT", 3),
          Map.entry("ILL", 4),
          Map.entry("ABRT", 6),
          Map.entry("FPE", 8),
          Map.entry("KILL", 9),
          Map.entry("USR1", 10),
          Map.entry("SEGV", 11),
          Map.entry("USR2", 12),
          Map.entry("PIPE", 13),
          Map.entry("ALRM", 14),
          Map.entry("TERM", 15));

  private Signals() {}

  /** What a shell would report: 128 + the number; 255 for a signal that SSH has no name for. */
  static int status(String name) {
    Integer number = NUMBERS.get(name);
    return number == null ? 255 : 128 + number;
  }
}
