package dev.clusterctl.machine;

import dev.clusterctl.step.Explained;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A machine can't be made, found or removed. */
public final class MachineException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;
  private final String advice;

  /**
   * @param message what failed, on which machine
   * @param advice what to do next; may be empty
   */
  public MachineException(String message, String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.advice = advice;
  }

  @Override
  public String advice() {
    return advice;
  }
}
