package dev.clusterctl.operation.backup;

import dev.clusterctl.step.Explained;
import java.io.IOException;
import java.util.List;

/** A backup can't be made, or can't be used. */
public final class BackupException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  private final List<String> details;
  private final String advice;

  /**
   * @param details what is wrong, a line each
   * @param advice what to do next; may be empty
   */
  public BackupException(String message, List<String> details, String advice) {
    super(message);
    this.details = List.copyOf(details);
    this.advice = advice;
  }

  @Override
  public List<String> lastLines() {
    return details;
  }

  @Override
  public String advice() {
    return advice;
  }
}
