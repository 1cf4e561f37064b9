package dev.clusterctl.operation;

import dev.clusterctl.step.Explained;
import java.io.IOException;

/** Another run is changing this cluster. */
public final class RunLockedException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  RunLockedException(String holder) {
    super("another run is changing this cluster" + (holder.isEmpty() ? "" : ": " + holder));
  }

  @Override
  public String advice() {
    return "wait for its end, or stop it with Ctrl-C";
  }
}
