package dev.clusterctl.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The program: global options, and the commands.
 *
 * <p>To add a command: a class in this package, annotated with picocli's {@code @Command}, named in
 * the annotation below. One that works on a cluster extends {@link ClusterCommand} and gets an open
 * {@link Session}; any other implements {@code Callable<Integer>} and reaches the global options
 * through a field annotated with {@code @ParentCommand}. Commands are thin: options in, a call of
 * an operation, its result shown through {@link Session#output}, an {@link ExitCode} out. They may
 * throw anything: {@link Failures} knows how each exception is told and which exit code it has.
 */
@Command(
    name = "clusterctl",
    description = {
      "One file says which MySQL cluster you want.",
      "clusterctl makes it true, proves it, and takes it away."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      InitCommand.class,
      AdoptCommand.class,
      ValidateCommand.class,
      SchemaCommand.class,
      RenderCommand.class,
      PlanCommand.class,
      UpCommand.class,
      UpgradeCommand.class,
      StatusCommand.class,
      SwitchoverCommand.class,
      FailoverCommand.class,
      RejoinCommand.class,
      FailoverTestCommand.class,
      RestartCommand.class,
      ReseedCommand.class,
      VerifyCommand.class,
      ReplicationTestCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      DownCommand.class,
      SshCommand.class,
      SqlCommand.class,
      LoadCommand.class,
      LogsCommand.class,
      ConnectionCommand.class,
      CompletionCommand.class,
      ManCommand.class,
    })
final class Clusterctl implements Runnable {
  static final int DEFAULT_PARALLEL = 16;

  /** How results and progress are written. */
  enum Format {
    TEXT,
    JSON
  }

  private final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "The cluster.yaml (default: $CLUSTERCTL_FILE, else ./cluster.yaml).")
  private @Nullable Path file;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      description = "text, or json: one event a line.")
  private Format format = Format.TEXT;

  @Option(
      names = {"-y", "--yes"},
      scope = ScopeType.INHERIT,
      description = "Don't ask before something is removed.")
  private boolean yes;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "How many steps may run at the same time (default: " + DEFAULT_PARALLEL + ").")
  private int parallel = DEFAULT_PARALLEL;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      scope = ScopeType.INHERIT,
      description = "Stop the whole command after this long: 90s, 10m, 1h30m (default: never).")
  private @Nullable Duration timeout;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the log on standard error, and stack traces.")
  private boolean debug;

  @Option(
      names = "--no-color",
      scope = ScopeType.INHERIT,
      description = "No colours; so does NO_COLOR in the environment.")
  private boolean noColor;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  private boolean version;

  Clusterctl(Shell shell) {
    this.shell = shell;
  }

  /**
   * Runs the program in process, without a terminal.
   *
   * @return the exit code
   */
  static int run(String[] args, PrintStream out, PrintStream err, Map<String, String> env) {
    return run(args, Shell.unattended(out, err, env));
  }

  /**
   * Runs the program in process.
   *
   * @return the exit code
   */
  static int run(String[] args, Shell shell) {
    CommandLine line = commandLine(shell);
    int code = line.execute(args);
    line.getOut().flush();
    line.getErr().flush();
    shell.out().flush();
    return code;
  }

  /** The whole command line: what {@link #run} parses, and what help and man pages tell. */
  static CommandLine commandLine(Shell shell) {
    return configured(new CommandLine(new Clusterctl(shell)));
  }

  /**
   * Gives a command line its converters, streams and handlers: those that it and the commands which
   * it has by now need.
   *
   * @param line of a {@link Clusterctl}
   */
  static CommandLine configured(CommandLine line) {
    Clusterctl root = line.getCommand();
    Shell shell = root.shell();
    line.registerConverter(Duration.class, new DurationConverter());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(shell.out(), true));
    line.setErr(new PrintWriter(shell.err(), true));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            root.terminal().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler(Failures::badUsage);
    line.setExecutionExceptionHandler((e, failed, parsed) -> Failures.tell(e, root).code());
    HelpPages.arrange(line);
    return line;
  }

  /** Without a command: help, as an error. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  Shell shell() {
    return shell;
  }

  /** What {@code out} can do. */
  dev.clusterctl.output.Terminal terminal() {
    return dev.clusterctl.output.Terminal.of(shell.outIsTerminal(), noColor, shell.env());
  }

  /** The topology's file: that of the option, of the environment, or the one in this directory. */
  Path file() {
    if (file != null) {
      return file;
    }
    String fromEnvironment = shell.env().getOrDefault("CLUSTERCTL_FILE", "");
    return Path.of(fromEnvironment.isEmpty() ? "cluster.yaml" : fromEnvironment);
  }

  Format format() {
    return format;
  }

  boolean yes() {
    return yes;
  }

  int parallel() {
    return parallel;
  }

  Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  boolean debug() {
    return debug;
  }
}
