package dev.clusterctl.cli;

/** How a command ends. */
enum ExitCode {
  OK(0, "good"),
  FAILED(1, "failed"),
  USAGE(2, "bad usage, or a mistake in the file"),
  UNHEALTHY(3, "the cluster is not healthy, or the test was not passed"),
  INTERRUPTED(130, "interrupted");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** What the shell sees. */
  int code() {
    return code;
  }

  String meaning() {
    return meaning;
  }
}
