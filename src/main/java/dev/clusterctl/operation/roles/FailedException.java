package dev.clusterctl.operation.roles;

import dev.clusterctl.step.Explained;
import java.io.IOException;
import java.util.List;

/** A change of roles was begun and failed before the new source took writes. */
public final class FailedException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  private final transient List<String> left;
  private final String advice;

  /**
   * @param left what couldn't be taken back, a line each
   * @param advice what to do next; empty where the cause says it
   */
  FailedException(String message, List<String> left, String advice, Throwable cause) {
    super(message, cause);
    this.left = List.copyOf(left);
    this.advice = advice;
  }

  @Override
  public List<String> lastLines() {
    return left;
  }

  @Override
  public String advice() {
    return advice;
  }
}
