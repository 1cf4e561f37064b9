package dev.clusterctl.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command is connected to: the process's own streams and environment, or a test's.
 *
 * @param outIsTerminal whether {@code out} goes to a terminal
 * @param inIsTerminal whether a person can answer on {@code in}
 * @param cancellation told when the user presses Ctrl-C
 */
record Shell(
    PrintStream out,
    PrintStream err,
    InputStream in,
    Map<String, String> env,
    boolean outIsTerminal,
    boolean inIsTerminal,
    Cancellation cancellation) {

  /** Without a terminal and without input: as a CI job has it. */
  static Shell unattended(PrintStream out, PrintStream err, Map<String, String> env) {
    return new Shell(
        out, err, InputStream.nullInputStream(), Map.copyOf(env), false, false, new Cancellation());
  }
}
