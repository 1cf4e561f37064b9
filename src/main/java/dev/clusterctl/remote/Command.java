package dev.clusterctl.remote;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A command for a machine.
 *
 * @param title what it does, for messages ("start MySQL"); messages never show more of a command
 *     than its title, so secrets can't leak through them
 * @param script what the machine's {@code /bin/bash} runs; visible to others on the machine in its
 *     process list, so never a place for secrets
 * @param stdin given to it on standard input: the place for secrets and for whole scripts
 * @param timeout longer, and it is killed
 * @param onLine told of each line of standard output and standard error as it comes
 */
public record Command(
    String title, String script, String stdin, Duration timeout, Consumer<String> onLine) {

  /** A time-out that suits commands which only look or flip a switch. */
  public static final Duration SHORT = Duration.ofSeconds(30);

  /** A shell script given on the command line. */
  public static Command shell(String title, String script) {
    return new Command(title, script, "", SHORT, line -> {});
  }

  /** Words that need no shell: each is quoted. */
  public static Command words(String title, String... words) {
    return shell(
        title, List.of(words).stream().map(Command::quote).collect(Collectors.joining(" ")));
  }

  public Command withStdin(String text) {
    return new Command(title, script, text, timeout, onLine);
  }

  public Command withTimeout(Duration limit) {
    return new Command(title, script, stdin, limit, onLine);
  }

  public Command onLine(Consumer<String> listener) {
    return new Command(title, script, stdin, timeout, listener);
  }

  /** A word as a POSIX shell must see it to take it literally. */
  public static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  @Override
  public String toString() {
    return "Command[" + title + "]";
  }
}
