package dev.clusterctl.cli;

import java.io.PrintStream;
import sun.misc.Signal;

/** The operating system's signals. Java has no other way to hear of them than this one. */
final class Signals {
  private Signals() {}

  /**
   * The first Ctrl-C (or a TERM) stops the command in good order; the second ends the program.
   *
   * @param err where it is said that nothing could be stopped in good order
   */
  static void stopOnInterrupt(Cancellation cancellation, PrintStream err) {
    for (String name : new String[] {"INT", "TERM"}) {
      Signal.handle(
          new Signal(name),
          signal -> {
            if (!cancellation.cancel(Cancellation.Reason.INTERRUPTED)) {
              err.println();
              // Shutdown hooks run, and give the terminal its cursor back.
              System.exit(ExitCode.INTERRUPTED.code());
            }
          });
    }
  }

  /** The terminal's window has another size. */
  static void onResize(Runnable action) {
    Signal.handle(new Signal("WINCH"), signal -> action.run());
  }
}
