package dev.clusterctl.operation.roles;

import dev.clusterctl.step.Explained;
import java.io.IOException;
import java.util.List;

/** A change of roles isn't possible or isn't wise now. Nothing was changed. */
public final class RefusedException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  private final transient List<String> reasons;
  private final String advice;

  /**
   * @param message what is refused
   * @param reasons every one of them, a line each, with what to do
   * @param advice what to do next; may be empty where the reasons say it
   */
  public RefusedException(String message, List<String> reasons, String advice) {
    super(message);
    this.reasons = List.copyOf(reasons);
    this.advice = advice;
  }

  /** The reasons. */
  @Override
  public List<String> lastLines() {
    return reasons;
  }

  @Override
  public String advice() {
    return advice;
  }
}
