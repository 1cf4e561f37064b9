package dev.clusterctl.cli;

import java.util.List;

/**
 * How a command ends.
 *
 * @param code what the shell sees, 0 to 255
 */
record ExitCode(int code, String meaning) {
  static final ExitCode OK = new ExitCode(0, "good");
  static final ExitCode FAILED = new ExitCode(1, "failed");
  static final ExitCode USAGE = new ExitCode(2, "bad usage, or a mistake in the file");
  static final ExitCode UNHEALTHY =
      new ExitCode(3, "the cluster is not healthy, or the test was not passed");
  static final ExitCode INTERRUPTED = new ExitCode(130, "interrupted");

  /** Those that clusterctl itself ends with. */
  static final List<ExitCode> OWN = List.of(OK, FAILED, USAGE, UNHEALTHY, INTERRUPTED);

  /** The one of a program that was run for the user, passed on as it is. */
  static ExitCode passedOn(int code) {
    return new ExitCode(code, "what the program that was run ended with");
  }
}
