package dev.clusterctl.remote;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JSch's own messages, all at debug: what matters of them reaches the user as an exception. */
final class DebugLogger implements com.jcraft.jsch.Logger {
  private static final Logger LOG = LoggerFactory.getLogger("dev.clusterctl.remote.jsch");

  @Override
  public boolean isEnabled(int level) {
    // JSch's DEBUG is a line for every packet's doings.
    return level > DEBUG ? LOG.isDebugEnabled() : LOG.isTraceEnabled();
  }

  @Override
  public void log(int level, String message) {
    if (level > DEBUG) {
      LOG.debug("{}", message);
    } else {
      LOG.trace("{}", message);
    }
  }
}
