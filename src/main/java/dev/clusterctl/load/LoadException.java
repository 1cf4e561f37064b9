package dev.clusterctl.load;

import dev.clusterctl.step.Explained;
import java.io.IOException;

/** A dump can't be loaded, or its loading stopped. */
public final class LoadException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;
  private final String advice;

  /**
   * @param message what failed, with file and line where there is one
   * @param advice what to do next; may be empty
   */
  public LoadException(String message, String advice) {
    super(message);
    this.advice = advice;
  }

  /** The same, with what caused it. */
  public LoadException(String message, String advice, Throwable cause) {
    super(message, cause);
    this.advice = advice;
  }

  @Override
  public String advice() {
    return advice;
  }
}
