package dev.clusterctl.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Which vagrant is changing machines: a file with its process's number and start. Where clusterctl
 * is killed its vagrant goes on by itself, and whoever looks at the machines before it is done sees
 * them half made.
 */
final class RunningVagrant {
  private final Path file;

  /**
   * @param file needs not be there
   */
  RunningVagrant(Path file) {
    this.file = file;
  }

  /** To be called as soon as one runs. */
  void began(ProcessHandle process) {
    try {
      Files.writeString(file, mark(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To be called when it has ended. */
  void ended() throws IOException {
    Files.deleteIfExists(file);
  }

  /** One that somebody began and that still runs. */
  Optional<ProcessHandle> find() throws IOException {
    try {
      String mark = Files.readString(file);
      String number = mark.split(" ", 2)[0];
      // A number that was given to another process since has another start.
      return number.matches("[0-9]{1,18}")
          ? ProcessHandle.of(Long.parseLong(number)).filter(process -> mark(process).equals(mark))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static String mark(ProcessHandle process) {
    return process.pid() + " " + process.info().startInstant().map(Instant::toString).orElse("");
  }
}
