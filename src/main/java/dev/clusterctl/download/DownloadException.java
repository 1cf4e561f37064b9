package dev.clusterctl.download;

import dev.clusterctl.step.Explained;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A package file can't be had, or isn't what it should be. */
public final class DownloadException extends IOException implements Explained {
  private static final long serialVersionUID = 1L;

  private final List<String> lastLines;
  private final String advice;

  /**
   * @param message which file, and what is wrong with it
   * @param lastLines particulars, such as why each place failed; may be empty
   * @param advice what to do next; may be empty
   */
  DownloadException(
      String message, List<String> lastLines, String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.lastLines = List.copyOf(lastLines);
    this.advice = advice;
  }

  @Override
  public List<String> lastLines() {
    return lastLines;
  }

  @Override
  public String advice() {
    return advice;
  }
}
