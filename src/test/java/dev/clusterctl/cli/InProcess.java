package dev.clusterctl.cli;

import java.io.PrintStream;
import java.util.Map;

/** The program's door for tests of other packages. */
public final class InProcess {
  private InProcess() {}

  /**
   * Runs the program in this process, without a terminal and without input.
   *
   * @return the exit code
   */
  public static int run(
      String[] args, PrintStream out, PrintStream err, Map<String, String> environment) {
    return Clusterctl.run(args, out, err, environment);
  }
}
