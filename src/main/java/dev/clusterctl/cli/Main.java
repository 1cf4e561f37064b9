package dev.clusterctl.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The program's entry. The launcher says by the system properties {@code clusterctl.stdout} and
 * {@code clusterctl.stdin} which of the streams are a {@code terminal}: Java 17 can't tell that of
 * one stream alone. Without them none is.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    Cancellation cancellation = new Cancellation();
    Signals.stopOnInterrupt(cancellation, err);
    Shell shell =
        new Shell(
            out,
            err,
            System.in,
            System.getenv(),
            isTerminal("clusterctl.stdout"),
            isTerminal("clusterctl.stdin"),
            cancellation);
    int code = Clusterctl.run(args, shell);
    out.flush();
    System.exit(code);
  }

  private static boolean isTerminal(String property) {
    return "terminal".equals(System.getProperty(property));
  }

  /** Whatever the locale: Java would write question marks where it is C. */
  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), true, StandardCharsets.UTF_8);
  }
}
