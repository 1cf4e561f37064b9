package dev.clusterctl.cli;

import dev.clusterctl.step.Explained;

/** The command can't be done as it was given. Ends with {@link ExitCode#USAGE}. */
final class UsageException extends Exception implements Explained {
  private static final long serialVersionUID = 1L;
  private final String advice;

  /**
   * @param advice what to do instead; may be empty
   */
  UsageException(String message, String advice) {
    super(message);
    this.advice = advice;
  }

  @Override
  public String advice() {
    return advice;
  }
}
